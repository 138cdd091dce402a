import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Actor } from '#shared/domain/decision.ts';
import type { RoomFile } from '#shared/domain/state.ts';
import type { LiveRoom } from '../rooms/liveRoom.ts';
import type { RoomAnswer } from '../rooms/publication.ts';
import type { Rooms } from '../rooms/rooms.ts';
import { Damaged } from '../store/damaged.ts';
import type { RecordStore } from '../store/ports.ts';
import type { RecordKinds } from '../store/records.ts';
import type { IncomingFile } from './incoming.ts';
import type { Files } from './ports.ts';

/** So long a content may lie there that no room knows: its upload may still be under way. */
const orphanAfterMs = 24 * 60 * 60 * 1000;
const page = 200;

/**
 * The background files of rooms. The log knows a file's name, type and hash; the content lies elsewhere. A record, made before
 * the content is stored and kept as long as the room has the file, keeps the content from being swept away.
 */
export class RoomFiles {
  readonly #files: Files;
  readonly #records: RecordStore<RecordKinds>;
  readonly #rooms: Rooms;
  readonly #now: () => number;
  /** Storing and sweeping take turns, so that a content is not removed while somebody stores it again. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(files: Files, records: RecordStore<RecordKinds>, rooms: Rooms, now: () => number) {
    this.#files = files;
    this.#records = records;
    this.#rooms = rooms;
    this.#now = now;
  }

  /** Stores a content and tells the room. If the room refuses, nothing stays. */
  async add(
    room: LiveRoom,
    actor: Actor,
    given: { readonly fileId: string; readonly name: string; readonly file: IncomingFile },
  ): Promise<RoomAnswer> {
    const { fileId, name, file } = given;
    const { sha256, bytes, contentType } = file;
    await this.#records.insert('roomFile', { id: fileId, rev: 0, roomId: room.id, sha256, createdAt: this.#now() });
    await this.#inTurn(() => this.#files.put(sha256, () => createReadStream(file.path)));
    const answer = await room.submit(actor, `file-${fileId}`, { type: 'addFile', fileId, name, contentType, bytes, sha256 });
    // Where the outcome is unknown the record stays, and the sweep finds out.
    if (!answer.ok && answer.rejection.code !== 'storeUnavailable') await this.#records.remove('roomFile', fileId);
    return answer;
  }

  /**
   * The content of a file of a room. Rejects with Damaged where it is not there, or is not of its size; where it turns out to be another
   * one while it is read, the stream fails before its end, so that nobody takes it for the file.
   */
  async get({
    id,
    sha256,
    bytes,
  }: Pick<RoomFile, 'id' | 'sha256' | 'bytes'>): Promise<{ readonly bytes: number; readonly content: Readable }> {
    const stored = await this.#files.get(sha256);
    if (stored?.bytes !== bytes) {
      stored?.content.destroy();
      throw new Damaged('file', id, `The content of file ${id} is not there, or not of ${bytes} bytes.`);
    }
    const content = new Checked(sha256);
    // Whoever reads `content` is told of what fails here, and ends it by going away.
    pipeline(stored.content, content).catch(() => undefined);
    return { bytes, content };
  }

  /** Forgets the files of a room that is removed for good, and their contents where no other room has them. */
  async forget(files: readonly { readonly id: string; readonly sha256: string }[]): Promise<void> {
    for (const { id, sha256 } of files) {
      await this.#records.remove('roomFile', id);
      await this.#inTurn(async () => {
        if ((await this.#records.find('roomFile', 'sha256', sha256, { limit: 1 })).length === 0) await this.#files.remove(sha256);
      });
    }
  }

  /** Forgets records of files that no room has, and contents that no record names. Gives how many contents were removed. */
  async sweep(): Promise<number> {
    const before = this.#now() - orphanAfterMs;
    for (let after = ''; ;) {
      const records = await this.#records.list('roomFile', { after, limit: page });
      for (const { id, roomId, createdAt } of records) {
        if (createdAt > before) continue;
        if (!(await this.#mayHave(roomId, id))) await this.#records.remove('roomFile', id);
      }
      const last = records.at(-1);
      if (records.length < page || last === undefined) break;
      after = last.id;
    }
    return this.#sweepContents(before);
  }

  /** Whether a room has a file; of a damaged room nobody knows, and what it may have stays. */
  async #mayHave(roomId: string, fileId: string): Promise<boolean> {
    try {
      return await this.#rooms.with(roomId, ({ state }) => state.files.some(({ id }) => id === fileId));
    } catch (error) {
      if (error instanceof Damaged) return true;
      throw error;
    }
  }

  async #sweepContents(before: number): Promise<number> {
    let removed = 0;
    for (let after = ''; ;) {
      const contents = await this.#files.list(after, page);
      for (const { sha256, storedAt } of contents) {
        if (storedAt > before) continue;
        await this.#inTurn(async () => {
          if ((await this.#records.find('roomFile', 'sha256', sha256, { limit: 1 })).length > 0) return;
          await this.#files.remove(sha256);
          removed += 1;
        });
      }
      const last = contents.at(-1);
      if (contents.length < page || last === undefined) return removed;
      after = last.sha256;
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work, work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }
}

/** Passes a content on, its last part only once all of it has the right hash. */
class Checked extends Transform {
  readonly #sha256: string;
  readonly #hash = createHash('sha256');
  #held: Buffer | null = null;

  constructor(sha256: string) {
    super();
    this.#sha256 = sha256;
  }

  override _transform(chunk: Buffer, _encoding: string, done: (error: null, chunk?: Buffer) => void): void {
    this.#hash.update(chunk);
    const before = this.#held;
    this.#held = chunk;
    if (before === null) done(null);
    else done(null, before);
  }

  override _flush(done: (error: Error | null, chunk?: Buffer) => void): void {
    if (this.#hash.digest('hex') === this.#sha256) done(null, this.#held ?? undefined);
    else done(new Damaged('file', this.#sha256, `The content ${this.#sha256} is another one.`));
  }
}
