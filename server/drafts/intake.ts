import type { Limits } from '#shared/domain/limits.ts';

/** What a frame costs of the allowance: an answer to step 1 may be the whole draft, presence is little work. */
const stepOneCost = 20;
const presenceCost = 0.25;
/** More than this waiting in a process that asked its socket to stop: the socket did not. */
const maxBacklogBytes = 16 * 1024 * 1024;

/** The part of a socket that can be asked to read more slowly. */
export interface Readable {
  pause?(): void;
  resume?(): void;
}

type Pace = Pick<Limits, 'framesPerSecond' | 'frameBurst' | 'frameBytes' | 'frameBytesPerSecond' | 'joiningFrameBytes'>;

/**
 * Reads a socket no faster than its allowance of frames and of bytes, and not far ahead of what is stored. Nothing is refused for
 * coming too fast: it is read later.
 */
export class Intake {
  readonly #socket: Readable;
  readonly #limits: Pace;
  readonly #now: () => number;
  readonly #deliver: (frame: Uint8Array) => void;
  readonly #backlog: Uint8Array[] = [];
  #backlogBytes = 0;
  #unsettledBytes = 0;
  #tokens: number;
  /** Bytes it may read now. A frame is read where there is any of it left, and may overdraw it: offline work comes back in one. */
  #byteTokens: number;
  #at: number;
  #paused = false;
  #ended = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(socket: Readable, limits: Pace, now: () => number, deliver: (frame: Uint8Array) => void) {
    this.#socket = socket;
    this.#limits = limits;
    this.#now = now;
    this.#deliver = deliver;
    this.#tokens = limits.frameBurst;
    this.#byteTokens = limits.joiningFrameBytes;
    this.#at = now();
  }

  /** Takes a frame in. False where far too many wait already. */
  receive(frame: Uint8Array): boolean {
    if (this.#ended) return true;
    this.#backlog.push(frame);
    this.#backlogBytes += frame.byteLength;
    this.#drain();
    return this.#backlogBytes <= maxBacklogBytes;
  }

  /** Bytes on their way to the log. */
  took(bytes: number): void {
    this.#unsettledBytes += bytes;
  }

  /** Bytes that have been stored or answered otherwise. */
  settled(bytes: number): void {
    this.#unsettledBytes -= bytes;
    if (this.#backlog.length > 0 || this.#paused) this.#drain();
  }

  end(): void {
    this.#ended = true;
    this.#backlog.length = 0;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #drain(): void {
    this.#refill();
    while (!this.#ended) {
      const frame = this.#backlog[0];
      if (frame === undefined || this.#waitMs(frame) > 0 || this.#unsettledBytes > this.#limits.frameBytes) break;
      this.#backlog.shift();
      this.#backlogBytes -= frame.byteLength;
      this.#tokens -= costOf(frame);
      this.#byteTokens -= frame.byteLength;
      this.#deliver(frame);
    }
    if (!this.#ended) this.#steer();
  }

  /** Stops and restarts reading; where only the allowance is used up, comes back when there is some. */
  #steer(): void {
    const frame = this.#backlog[0];
    const full = frame !== undefined || this.#unsettledBytes > this.#limits.frameBytes;
    if (full !== this.#paused) {
      this.#paused = full;
      if (full) this.#socket.pause?.();
      else this.#socket.resume?.();
    }
    const wait = frame === undefined ? 0 : this.#waitMs(frame);
    if (wait <= 0 || this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#drain();
    }, wait);
  }

  #refill(): void {
    const now = this.#now();
    const { framesPerSecond, frameBurst, frameBytesPerSecond, joiningFrameBytes } = this.#limits;
    const seconds = Math.max(0, now - this.#at) / 1000;
    this.#tokens = Math.min(frameBurst, this.#tokens + seconds * framesPerSecond);
    this.#byteTokens = Math.min(joiningFrameBytes, this.#byteTokens + seconds * frameBytesPerSecond);
    this.#at = now;
  }

  #waitMs(frame: Uint8Array): number {
    const { framesPerSecond, frameBytesPerSecond } = this.#limits;
    const seconds = Math.max((costOf(frame) - this.#tokens) / framesPerSecond, -this.#byteTokens / frameBytesPerSecond);
    return Math.max(0, Math.ceil(seconds * 1000));
  }
}

function costOf(frame: Uint8Array): number {
  if (frame[0] === 0 && frame[1] === 0) return stepOneCost;
  return frame[0] === 0 ? 1 : presenceCost;
}
