import type { RejectionCode } from '#shared/domain/rejections.ts';
import type { WriteFrame } from './batch.ts';
import type { Connection, Delivery } from './connection.ts';
import type { DraftText } from './draftText.ts';
import type { JoinCost } from './joinCost.ts';

/** Bounds of one turn, so that neither the event loop nor the store is held up for long. At least one frame is taken. */
const turnFrames = 256;
const turnBytes = 512 * 1024;

/** A sync step 2 or update frame on its way to the log; `number` counts the connection's write frames from 1. */
export interface Write extends WriteFrame<Connection> {
  /** Words that were erased meanwhile are taken out of it before it is judged. */
  update: Uint8Array;
  readonly is: 'write';
  readonly number: number;
  readonly bytes: number;
  count?: JoinCost;
}

/** Work somebody waits for. */
interface Asked {
  /** The work was given up; nothing of it can be relied on. */
  readonly reject: (reason: unknown) => void;
}

export interface Barrier extends Asked {
  readonly is: 'barrier';
  readonly resolve: () => void;
}

/** Deletes what was erased and still stands, in front of a barrier. */
export interface Erase extends Asked {
  readonly is: 'erase';
  readonly resolve: () => void;
}

/** What is said to one connection, in its turn. */
export type Saying =
  | { readonly is: 'welcome' | 'askForAll'; readonly connection: Connection }
  | { readonly is: 'stepOne'; readonly connection: Connection; readonly stateVector: Uint8Array }
  | { readonly is: 'refuse'; readonly connection: Connection; readonly close: number; readonly why: RejectionCode };

/** What goes into the log. */
export type Storable = Write | Barrier;

export type Work =
  | Storable
  | Saying
  | Erase
  | ({ readonly is: 'look'; readonly look: (text: DraftText) => void } & Asked)
  | { readonly is: 'check' }
  | ({ readonly is: 'catchUp'; readonly resolve: () => void } & Asked);

export function isStorable(work: Work): work is Storable {
  return work.is === 'write' || work.is === 'barrier';
}

/** Takes what can be stored together from the front of the queue. */
export function takeTurn(queue: Work[]): Storable[] {
  const turn: Storable[] = [];
  let bytes = 0;
  for (const work of queue) {
    if (!isStorable(work) || turn.length >= turnFrames) break;
    bytes += work.is === 'write' ? work.bytes : 0;
    if (turn.length > 0 && bytes > turnBytes) break;
    turn.push(work);
  }
  queue.splice(0, turn.length);
  return turn;
}

/** The work a connection's delivery makes, or null where it is dealt with at once. */
export function workOf(connection: Connection, delivery: Delivery): Write | Saying | null {
  if (delivery.is === 'refuse') return { ...delivery, connection };
  const { frame, number, bytes } = delivery;
  if (frame.is === 'stepOne') return { is: 'stepOne', connection, stateVector: frame.stateVector };
  if (frame.is !== 'stepTwo' && frame.is !== 'update') return null;
  return {
    is: 'write',
    source: connection,
    actor: connection.actor,
    readsOnly: connection.readsOnly,
    step: frame.is,
    update: frame.update,
    number,
    bytes,
  };
}
