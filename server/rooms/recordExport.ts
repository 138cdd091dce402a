import type { Readable } from 'node:stream';
import type { Checkpoint } from '#shared/domain/proof/checkpoint.ts';
import type { Audience } from '#shared/domain/visibility.ts';
import type { DraftState } from '#shared/domain/state.ts';
import type { PersonView } from '#shared/protocol/messages.ts';
import type { RecordLine } from '#shared/protocol/recordFile.ts';
import { recordFormat } from '#shared/protocol/recordFile.ts';
import type { Files } from '../files/ports.ts';
import type { DraftEntry } from '../store/ports.ts';
import type { LiveRoom } from './liveRoom.ts';
import { wireCommit } from './redaction.ts';

const page = 200;
/** Bytes that are read of a log at once; a single entry may be larger. */
const pageBytes = 1024 * 1024;

export interface ExportSources {
  readonly entries: (draft: DraftState, after: number, limit: number, mostBytes: number) => Promise<readonly DraftEntry[]>;
  readonly checkpoints: (roomId: string) => Promise<readonly Checkpoint[]>;
  readonly people: (roomId: string) => Promise<readonly PersonView[]>;
  readonly files: Pick<Files, 'get'>;
  readonly now: () => number;
}

/** A room as one file, in pieces, as a class of readers may see it at this moment. A page of its logs is held in memory, and no more. */
export async function* recordLines(room: LiveRoom, view: Audience, sources: ExportSources): AsyncGenerator<string> {
  let lines = 0;
  const line = (written: RecordLine): string => {
    lines += 1;
    return `${JSON.stringify(written)}\n`;
  };
  const { head, state } = room;
  yield line({ is: 'head', format: recordFormat, roomId: room.id, view, exportedAt: sources.now() });
  for (let after = 0; after < head.seq;) {
    const commits = await room.commitsAfter(after, Math.min(page, head.seq - after), pageBytes);
    for (const commit of commits) yield line({ is: 'commit', commit: wireCommit(commit, state, view) });
    after = commits.at(-1)?.seq ?? head.seq;
  }
  for (const draft of state.drafts.values()) {
    const draftId = draft.id;
    for (let after = 0; ;) {
      const entries = await sources.entries(draft, after, page, pageBytes);
      for (const { draftId: _draft, bytes, ...entry } of entries) {
        yield line({ is: 'entry', draftId, entry: { ...entry, bytes: Buffer.from(bytes).toString('base64') } });
      }
      const last = entries.at(-1);
      if (last === undefined) break;
      after = last.ordinal;
    }
  }
  for (const checkpoint of await sources.checkpoints(room.id)) {
    if (checkpoint.size <= head.seq) yield line({ is: 'checkpoint', checkpoint });
  }
  for (const person of await sources.people(room.id)) yield line({ is: 'person', person });
  for (const { id: fileId, sha256, erased } of state.files) {
    // The same content may still lie there for another room.
    if (erased !== undefined) continue;
    const found = await sources.files.get(sha256);
    const empty = line({ is: 'file', fileId, sha256, content: found === null ? null : '' });
    if (found === null) yield empty;
    else yield* withContent(empty, found.content);
  }
  yield line({ is: 'end', head, lines });
}

/** A line whose `content` is empty, with a file's content in it: what is left over of a chunk waits for the next, since base64 goes by threes. */
async function* withContent(empty: string, content: Readable): AsyncGenerator<string> {
  const at = empty.lastIndexOf('"}');
  yield empty.slice(0, at);
  let rest: Uint8Array = new Uint8Array();
  for await (const chunk of content as AsyncIterable<Uint8Array>) {
    const bytes = Buffer.concat([rest, chunk]);
    const whole = bytes.byteLength - (bytes.byteLength % 3);
    rest = bytes.subarray(whole);
    yield bytes.subarray(0, whole).toString('base64');
  }
  yield `${Buffer.from(rest).toString('base64')}${empty.slice(at)}`;
}
