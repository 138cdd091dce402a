import type { Rejection } from '#shared/domain/rejections.ts';
import type { Identity } from '../access/identity.ts';
import type { RecordStore } from '../store/ports.ts';
import type { PurgedRoomRecord, RecordKinds } from '../store/records.ts';

/** Which rooms were removed for good, and who is told so. */
export class PurgedRooms {
  readonly #records: RecordStore<RecordKinds>;

  constructor(records: RecordStore<RecordKinds>) {
    this.#records = records;
  }

  get(roomId: string): Promise<PurgedRoomRecord | null> {
    return this.#records.get('purgedRoom', roomId);
  }

  /** Whether a room was removed for good, or is about to be: nobody reads what may be left of it. */
  async has(roomId: string): Promise<boolean> {
    return (await this.get(roomId)) !== null;
  }

  /**
   * What is said to who asks for a room that is not there: that it was removed for good, and when. Its id cannot be guessed; of a
   * private one strangers are told nothing all the same. Null where there is nothing to say.
   */
  async refusal(roomId: string, identity: Pick<Identity, 'principal'>): Promise<Rejection | null> {
    const gone = await this.get(roomId);
    if (gone === null || (gone.visibility === 'private' && identity.principal === null)) return null;
    return { code: 'roomDeleted', goneAt: gone.purgedAt };
  }
}
