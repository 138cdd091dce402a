import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import path from 'node:path';
import type { Said } from './fillRoom.ts';

const data = path.resolve(import.meta.dirname, '../../../shared/data');

/** A real discussion, with what of it could not be taken. */
export interface RealDiscussion {
  readonly said: readonly Said[];
  /** Comments without a word. */
  readonly empty: number;
  /** Places of comments that are answered and not there. */
  readonly placeholders: number;
  readonly authors: number;
  /** How deep answers stand below the first comment of their thread. */
  readonly depth: number;
}

/** Whether the discussions are on this machine. */
export const hasDiscussions = existsSync(path.join(data, 'wiki-discussions')) && existsSync(path.join(data, 'decide-madrid'));

function lines<T>(file: string): T[] {
  const text = gunzipSync(readFileSync(path.join(data, file))).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

interface WikiItem {
  readonly id: string;
  readonly type: 'heading' | 'comment';
  readonly parent: string | null;
  readonly text: string;
  readonly author?: string;
}

/** The discussions of Wikipedia; what is a heading there is said by the page. */
export function wikiDiscussions(): RealDiscussion {
  const pages = ['enwiki-village-pump-technical-175', 'ckbwiki-village-pump-proposals'];
  const items = pages.flatMap((page) =>
    lines<WikiItem>(`wiki-discussions/${page}.jsonl.gz`).map((item) => ({
      key: `${page}/${item.id}`,
      parent: item.parent === null ? null : `${page}/${item.parent}`,
      author: item.author ?? page,
      body: item.text,
      named: item.author !== undefined,
    })),
  );
  return discussion(items);
}

interface MadridComment {
  readonly id: number;
  readonly proposal: number;
  readonly parent: number | null;
  readonly missingParent?: true;
  readonly author: string;
  readonly text: string;
}

interface MadridProposal {
  readonly id: number;
  readonly author: string;
  readonly title: string;
  readonly summary: string;
}

/** The proposals of Madrid, each with all that was said about it below it. */
export function madridDiscussions(): RealDiscussion {
  const comments = lines<MadridComment>('decide-madrid/comments.jsonl.gz');
  const proposals = lines<MadridProposal>('decide-madrid/proposals.jsonl.gz');
  return discussion(
    proposals.flatMap(({ id: proposal, author, title, summary }): Item[] => [
      { key: `p${proposal}`, parent: null, author, body: `${title}\n${summary}`, named: true },
      ...comments
        .filter((comment) => comment.proposal === proposal)
        .map((comment) => ({
          key: String(comment.id),
          parent: comment.parent === null ? `p${proposal}` : String(comment.parent),
          // Below the proposal stands the place of a comment that is not there.
          top: `p${proposal}`,
          author: comment.author,
          body: comment.text,
          named: true,
        })),
    ]),
  );
}

interface Item extends Said {
  readonly named: boolean;
  /** Below what the place of a missing parent stands. */
  readonly top?: string;
}

function discussion(items: readonly Item[]): RealDiscussion {
  const said: Said[] = [];
  const depths = new Map<string, number>();
  const authors = new Set<string>();
  let [empty, placeholders, depth] = [0, 0, 0];
  const place = (item: Said) => {
    const own = item.parent === null ? 0 : (depths.get(item.parent) ?? 0) + 1;
    depths.set(item.key, own);
    depth = Math.max(depth, own);
    said.push(item);
  };
  const answered = new Set(items.map(({ parent }) => parent));
  for (const { key, parent, author, body, named, top = null } of items) {
    if (named) authors.add(author);
    if (parent !== null && !depths.has(parent)) {
      placeholders += 1;
      place({ key: parent, parent: top, author: 'not in the data', body: '…', lost: true });
    }
    if (body.trim() === '') {
      empty += 1;
      // Its words are missing, not the answers to it.
      if (answered.has(key)) place({ key, parent, author, body: '…', lost: true });
    } else place({ key, parent, author, body });
  }
  return { said, empty, placeholders, authors: authors.size, depth };
}
