import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { firstBreak } from '#shared/domain/commit.ts';
import type { WireCommit } from '#shared/domain/commit.ts';
import type { Comment } from '#shared/domain/state.ts';
import type { RoomClient } from '../support/people.ts';
import { administrator, until, Visitor } from '../support/people.ts';
import { ServerProcess } from '../support/serverProcess.ts';
import { isThere, readDiscussion } from './realData.ts';
import type { Contribution } from './realData.ts';

const raised = {
  commandsPerSecond: 1_000,
  commandBurst: 1_000,
  requestsPerSecond: 1_000,
  requestBurst: 1_000,
  commandsPerSecondPerAddress: 100_000,
  commandBurstPerAddress: 100_000,
  connectsPerMinutePerAddress: 10_000,
  signInsPerMinutePerAddress: 10_000,
};
const WATCHDOG_MS = 240_000;
/** People who are in the room at the same time; whoever has nothing to say for the longest time leaves. */
const AT_ONCE = 40;
/** Threads that go on at the same time. */
const LANES = 8;

let server: ServerProcess;
let ana: Visitor;
beforeAll(async () => {
  server = await ServerProcess.start({ env: { LIMITS: JSON.stringify(raised) } });
  ana = await administrator(server.url, server.setupSecret);
});
afterAll(() => server.dispose());

/** Where a contribution belongs: what it answers, or null where that is a heading or nothing. */
type Answers = ReadonlyMap<string, string | null>;

/** The people of a discussion, each with a seat of his own; a line each while he is among the last to have spoken. */
class People {
  readonly #roomId: string;
  readonly #secret: string;
  readonly #visitors = new Map<string, Promise<Visitor>>();
  readonly #lines = new Map<string, Promise<RoomClient>>();
  readonly #speaking = new Map<string, number>();
  readonly participants = new Map<string, string>();
  arrivals = 0;

  constructor(roomId: string, secret: string) {
    this.#roomId = roomId;
    this.#secret = secret;
  }

  async #come(author: string): Promise<RoomClient> {
    let visitor = this.#visitors.get(author);
    if (visitor === undefined) {
      visitor = (async () => {
        const guest = new Visitor(server.url);
        const { participantId } = await guest.ok<{ participantId: string }>('POST', '/api/invitations/accept', {
          secret: this.#secret,
          guestName: author,
        });
        this.participants.set(participantId, author);
        return guest;
      })();
      this.#visitors.set(author, visitor);
    }
    this.arrivals += 1;
    return (await visitor).join(this.#roomId);
  }

  /** Says something; gives the number the room gave it. */
  async say(author: string, body: string, parent: number | null): Promise<number> {
    const line = this.#lines.get(author) ?? this.#come(author);
    // Last in the map: he spoke last.
    this.#lines.delete(author);
    this.#lines.set(author, line);
    this.#speaking.set(author, (this.#speaking.get(author) ?? 0) + 1);
    try {
      const client = await line;
      const seq = await client.act({ type: 'postComment', body, parent });
      await until(() => client.commits.some((commit) => commit.seq === seq), `commit ${seq}`, WATCHDOG_MS);
      const event = client.commits.find((commit) => commit.seq === seq)?.events[0]?.event;
      if (event?.type !== 'comment.posted') throw new Error('not what was said');
      return event.comment;
    } finally {
      this.#speaking.set(author, (this.#speaking.get(author) ?? 1) - 1);
      await this.#leaveOldest();
    }
  }

  async #leaveOldest(): Promise<void> {
    for (const [author, line] of this.#lines) {
      if (this.#lines.size <= AT_ONCE) return;
      if ((this.#speaking.get(author) ?? 0) > 0) continue;
      this.#lines.delete(author);
      (await line).close();
    }
  }

  async leave(): Promise<void> {
    for (const line of this.#lines.values()) (await line).close();
    this.#lines.clear();
  }
}

/** Threads by their top item, each in reading order. */
function threadsOf(comments: readonly Contribution[]): readonly (readonly Contribution[])[] {
  const threads = new Map<string, Contribution[]>();
  for (const comment of comments) threads.set(comment.thread, [...(threads.get(comment.thread) ?? []), comment]);
  return [...threads.values()];
}

/** How deep each comment stands, folded from parents alone. */
function depths(parents: ReadonlyMap<number, number | null>): number {
  const depthOf = (number: number): number => {
    const parent = parents.get(number) ?? null;
    return parent === null ? 1 : depthOf(parent) + 1;
  };
  return Math.max(...[...parents.keys()].map(depthOf));
}

describe.each([['enwiki-village-pump-technical-175'], ['ckbwiki-village-pump-proposals']])('%s', (name) => {
  const file = `wiki-discussions/${name}.jsonl.gz`;

  test.skipIf(!isThere(file))(
    '[COM1] a real discussion enters a room over the wire and is read back as it was: tree, order, authors, texts',
    { timeout: WATCHDOG_MS },
    async () => {
      const items = readDiscussion(file);
      const headings = items.filter(({ type }) => type === 'heading');
      const comments = items.filter(({ type, author, text }) => type === 'comment' && author !== undefined && text.trim() !== '');
      const incomplete = items.length - headings.length - comments.length;
      console.log(`${name}: skipped ${headings.length} headings, which have no author, and ${incomplete} comments without author or text`);
      const known = new Set(comments.map(({ id }) => id));
      const answers: Answers = new Map(comments.map(({ id, parent }) => [id, parent !== null && known.has(parent) ? parent : null]));

      const { id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: name, visibility: 'public' });
      const { path } = await ana.ok<{ path: string }>('POST', `/api/rooms/${roomId}/invitations`, { role: 'member', days: 1 });
      const people = new People(roomId, path.split('#')[1] ?? '');
      // Somebody watches all the time, without a seat.
      const watcher = new Visitor(server.url);
      const watching = await watcher.join(roomId);

      const start = performance.now();
      const numbers = new Map<string, number>();
      const threads = [...threadsOf(comments)];
      const lane = async (): Promise<void> => {
        for (let thread = threads.shift(); thread !== undefined; thread = threads.shift()) {
          for (const { id, author, text } of thread) {
            const parent = answers.get(id) ?? null;
            numbers.set(id, await people.say(author ?? '', text, parent === null ? null : (numbers.get(parent) ?? 0)));
          }
        }
      };
      await Promise.all(Array.from({ length: LANES }, lane));
      const saidMs = performance.now() - start;
      await people.leave();

      /** What was read back, against what was said. */
      const compare = (
        read: readonly Pick<Comment, 'number' | 'parent' | 'authorId' | 'body'>[],
        names: ReadonlyMap<string, string>,
      ): void => {
        const byNumber = new Map(read.map((comment) => [comment.number, comment]));
        expect(read.map(({ number }) => number)).toEqual(comments.map((_, index) => index + 1));
        for (const { id, author, text } of comments) {
          const comment = byNumber.get(numbers.get(id) ?? 0);
          const parent = answers.get(id) ?? null;
          expect(comment?.body.text, id).toBe(text);
          expect(names.get(comment?.authorId ?? ''), id).toBe(author);
          expect(comment?.parent, id).toBe(parent === null ? null : numbers.get(parent));
        }
        for (const thread of threadsOf(comments)) {
          const order = thread.map(({ id }) => numbers.get(id) ?? 0);
          expect(order).toEqual([...order].sort((a, b) => a - b));
        }
      };
      const readBack = async (): Promise<void> => {
        const client = await new Visitor(server.url).join(roomId);
        const names = new Map(client.joined?.people.map(({ id, displayName }) => [id, displayName]));
        compare(client.joined?.snapshot?.comments ?? [], names);
        client.close();
        // The same from the log, commit by commit, with its chain.
        const commits: WireCommit[] = [];
        for (;;) {
          const page = await ana.ok<{ commits: WireCommit[] }>('GET', `/api/rooms/${roomId}/log?after=${commits.length}&limit=500`);
          if (page.commits.length === 0) break;
          commits.push(...page.commits);
        }
        expect(firstBreak(commits, { seq: 0, hash: '' })).toBeNull();
        const posted = commits.flatMap(({ events, actorId }) =>
          events.flatMap(({ event }) =>
            event?.type === 'comment.posted' ? [{ number: event.comment, parent: event.parent, authorId: actorId, body: event.body }] : [],
          ),
        );
        compare(posted, names);
      };

      await until(
        () => watching.commits.filter(({ events }) => events[0]?.event?.type === 'comment.posted').length === comments.length,
        'all',
      );
      await readBack();
      await server.kill();
      await server.start();
      await readBack();

      const authors = new Set(comments.map(({ author }) => author));
      expect(new Set(people.participants.values())).toEqual(authors);
      const depth = depths(new Map(comments.map(({ id }) => [numbers.get(id) ?? 0, numbers.get(answers.get(id) ?? '') ?? null])));
      const bytes = comments.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
      console.log(
        [
          `${name}: ${comments.length} comments by ${authors.size} people (${people.arrivals} arrivals, ${AT_ONCE} at once, ${LANES} threads at a time), up to ${depth} deep, ${(bytes / 1024).toFixed(0)} kB`,
          `  said in ${(saidMs / 1000).toFixed(1)} s (${(comments.length / (saidMs / 1000)).toFixed(0)} a second); limits raised: ${JSON.stringify(raised)}`,
        ].join('\n'),
      );
      watching.close();
    },
  );
});
