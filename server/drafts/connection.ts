import type { Actor } from '#shared/domain/decision.ts';
import type { Limits } from '#shared/domain/limits.ts';
import type { RejectionCode } from '#shared/domain/rejections.ts';
import { closeCodes, retryCodes } from '#shared/protocol/close.ts';
import type { Meters } from '../metrics/meters.ts';
import { decodeFrame, savedFrame, standingFrame } from './frames.ts';
import type { IncomingFrame } from './frames.ts';
import { Intake } from './intake.ts';
import type { PresencePerson } from './presence.ts';

/** The few things a draft needs of a socket. `send` queues; `bufferedBytes` is what is queued and not yet handed to the network. */
export interface DraftSocket {
  send(bytes: Uint8Array): void;
  /** What is sent between these two goes to the network in one write, where the socket can do that. */
  cork?(): void;
  uncork?(): void;
  close(code: number, reason: string): void;
  readonly bufferedBytes: number;
  /** What the network has not taken yet of the write under way, where that can be told: while it changes, the reader reads. */
  readonly untakenBytes?: number | undefined;
  /** Stop and restart reading; without them a flood is held in memory up to a bound. */
  pause?(): void;
  resume?(): void;
}

/** Whether this connection may write now; `why` is a rejection code where it may not. */
export interface MayWrite {
  readonly write: boolean;
  readonly why: string | null;
}

/** What a connection hands on, in the order it came: frames, and last of all that it must be refused. */
export type Delivery =
  | { readonly is: 'frame'; readonly frame: IncomingFrame; readonly number: number; readonly bytes: number }
  | { readonly is: 'refuse'; readonly close: number; readonly why: RejectionCode };

export interface ConnectionParts {
  readonly socket: DraftSocket;
  readonly actor: Actor;
  readonly person: PresencePerson | null;
  /** Whatever its person may do elsewhere: over this connection he reads. */
  readonly readsOnly: boolean;
  readonly limits: Limits;
  readonly now: () => number;
  readonly meters: Meters;
  readonly deliver: (connection: Connection, delivery: Delivery) => void;
  readonly onEnd: (connection: Connection) => void;
}

const forgeriesBeforeClose = 3;
/** A write counts as queued until the network has taken all of it, so one may not be a large part of what may be queued. */
const togetherBytes = 256 * 1024;
/** Frames not yet acknowledged whose arrival is remembered, to tell how long they waited. */
const arrivalsMost = 512;

/** One socket on a draft: what it sent, what of that is settled, and how far behind its reader is. It knows nothing of Yjs. */
export class Connection {
  readonly actor: Actor;
  readonly person: PresencePerson | null;
  readonly readsOnly: boolean;
  readonly #parts: ConnectionParts;
  readonly #intake: Intake;
  #ended = false;
  #deaf = false;
  #wasRefused = false;
  /** Sync step 2 and update frames that came in; how many of the first are durable or needed no storing; what it was told of that. */
  #received = 0;
  #settled = 0;
  #saidSaved = 0;
  readonly #arrivals: { readonly number: number; readonly at: number }[] = [];
  /** Whether frames are missing which an answer to step 1 has to bring, and how often that answer itself had gaps. */
  #hasGap = false;
  #gapsInStepTwo = 0;
  #joined = false;
  /** Whether it was told its standing; then whether it has got the draft, so that updates mean something to it. */
  welcomed = false;
  follows = false;
  #standing = '';
  #forgeries = 0;
  /** Bytes that may be queued beyond the hard bound since a whole draft was sent. */
  #allowance = 0;
  #slowSince: number | null = null;
  #untaken: number | undefined;
  #leastBuffered = 0;

  constructor(parts: ConnectionParts) {
    this.actor = parts.actor;
    this.person = parts.person;
    this.readsOnly = parts.readsOnly;
    this.#parts = parts;
    this.#intake = new Intake(parts.socket, parts.limits, parts.now, (frame) => {
      this.#take(frame);
    });
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** A frame of it was refused for good: what came behind it is of no account. */
  get wasRefused(): boolean {
    return this.#wasRefused;
  }

  receive(frame: Uint8Array): void {
    if (this.#ended || this.#deaf) return;
    const { frameBytes, joiningFrameBytes } = this.#parts.limits;
    if (frame.byteLength > (this.#joined ? frameBytes : joiningFrameBytes)) this.#giveUp(closeCodes.tooLarge, 'textTooLong');
    else if (!this.#intake.receive(frame)) this.close(retryCodes.notNow, 'tooFast');
  }

  #take(bytes: Uint8Array): void {
    const frame = decodeFrame(bytes);
    if (frame === null) {
      this.#giveUp(closeCodes.badFrame, 'malformed');
      return;
    }
    if (frame.is === 'stepTwo' || frame.is === 'update') {
      this.#received += 1;
      this.#intake.took(bytes.byteLength);
      if (this.#arrivals.length < arrivalsMost) this.#arrivals.push({ number: this.#received, at: performance.now() });
    }
    this.#parts.deliver(this, { is: 'frame', frame, number: this.#received, bytes: bytes.byteLength });
  }

  /** Reads no further; what came before is dealt with first. */
  #giveUp(close: number, why: RejectionCode): void {
    this.stopReading();
    this.#parts.deliver(this, { is: 'refuse', close, why });
  }

  /** Takes nothing in any more; what is on its way is still answered. */
  stopReading(): void {
    this.#deaf = true;
    this.#intake.end();
  }

  /** A write frame has been dealt with, whatever became of it; its bytes no longer hold up reading. */
  release(bytes: number): void {
    this.#intake.settled(bytes);
  }

  /** The write frame with this number is durable or needed no storing. While there is a gap, only an answer to step 1 counts. */
  settle(number: number, step: 'stepTwo' | 'update'): void {
    if (this.#hasGap && step === 'update') return;
    this.#settled = number;
    if (step === 'update') return;
    this.#joined = true;
    this.#hasGap = false;
    this.#gapsInStepTwo = 0;
  }

  /**
   * A write frame rests on something that is not there. ask: send step 1. wait: that has been done. lost: its answer to step 1
   * had a gap again, so its copy rests on what this draft never held.
   */
  gap(step: 'stepTwo' | 'update'): 'ask' | 'wait' | 'lost' {
    const asked = this.#hasGap;
    this.#hasGap = true;
    if (step === 'update') return asked ? 'wait' : 'ask';
    this.#gapsInStepTwo += 1;
    return this.#gapsInStepTwo < 2 ? 'ask' : 'lost';
  }

  send(bytes: Uint8Array): void {
    if (this.#ended) return;
    try {
      this.#parts.socket.send(bytes);
    } catch {
      // It misses something from here on, so it comes back for all; the others are told as if it were not there.
      this.close(retryCodes.notNow, 'not now');
      return;
    }
    this.#checkQueue();
  }

  sendAll(frames: readonly Uint8Array[]): void {
    const say = (): void => {
      for (const frame of frames) this.send(frame);
    };
    const bytes = frames.reduce((sum, frame) => sum + frame.byteLength, 0);
    if (bytes <= togetherBytes) this.together(say);
    else say();
  }

  /** What `say` sends leaves in one write. */
  together(say: () => void): void {
    this.#parts.socket.cork?.();
    try {
      say();
    } finally {
      this.#parts.socket.uncork?.();
    }
  }

  /** Sends an answer to step 1, which may be larger than what may otherwise be queued. */
  sendWhole(bytes: Uint8Array): void {
    this.#allowance = Math.max(this.#allowance, this.#parts.socket.bufferedBytes) + bytes.byteLength;
    this.send(bytes);
  }

  /** Presence is left out for who is behind: the next state replaces it. */
  sendPresence(bytes: Uint8Array): void {
    if (this.#parts.socket.bufferedBytes <= this.#parts.limits.outgoingSoftBytes) this.send(bytes);
  }

  /** Tells how many frames are safe, if that has changed. */
  sendSaved(ordinal: number): void {
    if (this.#settled === this.#saidSaved) return;
    this.#saidSaved = this.#settled;
    this.send(savedFrame(this.#settled, ordinal));
    this.#countAcknowledged();
  }

  #countAcknowledged(): void {
    const safe = this.#arrivals.findIndex(({ number }) => number > this.#settled);
    const now = performance.now();
    for (const { at } of this.#arrivals.splice(0, safe === -1 ? this.#arrivals.length : safe)) {
      this.#parts.meters.acknowledged('frame', now - at);
    }
  }

  /** Whether its standing is another than it was told. */
  standsOtherwise(now: MayWrite): boolean {
    return this.#standing !== standingKey(now);
  }

  /** Sends an encoded standing and takes note of it. */
  sendStanding(now: MayWrite, frame: Uint8Array): void {
    this.#standing = standingKey(now);
    this.send(frame);
  }

  /** A state in another's name, or too large, or one too many; after a few the socket is closed. */
  forged(count: number): void {
    this.#forgeries += count;
    if (this.#forgeries >= forgeriesBeforeClose) this.close(closeCodes.presence, 'presence');
  }

  /** Refuses a frame for good: says up to which frame all is safe, and closes. */
  refuse(code: number, why: RejectionCode, lineage: string): void {
    this.#wasRefused = true;
    this.send(standingFrame({ lineage, write: false, why, acceptedFrames: this.#settled, authors: {} }));
    this.#parts.meters.refused('draft', why);
    this.close(code, why);
  }

  close(code: number, reason: string): void {
    if (this.#ended) return;
    this.closed();
    this.#parts.socket.close(code, reason);
  }

  /** The socket is gone, or about to be. */
  closed(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#intake.end();
    this.#parts.onEnd(this);
  }

  /** Looks whether its reader stands still; call it every second or so. */
  checkProgress(): void {
    const { outgoingSoftBytes, outgoingStallMs } = this.#parts.limits;
    const buffered = this.#parts.socket.bufferedBytes;
    if (buffered <= outgoingSoftBytes) {
      this.#slowSince = null;
      this.#allowance = 0;
      return;
    }
    const now = this.#parts.now();
    const untaken = this.#parts.socket.untakenBytes;
    if (this.#slowSince === null || buffered < this.#leastBuffered || untaken !== this.#untaken) {
      this.#slowSince = now;
      this.#leastBuffered = buffered;
      this.#untaken = untaken;
    } else if (now - this.#slowSince >= outgoingStallMs) this.#tooSlow();
  }

  #checkQueue(): void {
    if (this.#parts.socket.bufferedBytes > this.#parts.limits.outgoingHardBytes + this.#allowance) this.#tooSlow();
  }

  #tooSlow(): void {
    this.close(retryCodes.slow, 'slow');
  }
}

function standingKey({ write, why }: MayWrite): string {
  return write ? 'write' : (why ?? '');
}
