import type { Limits } from '#shared/domain/limits.ts';
import type { PresenceLine } from './frames.ts';
import { readPresence } from './frames.ts';

/** Whom presence shows: set by the server, whatever the client says. */
export interface PresencePerson {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly color?: string;
}

/** One socket that may show presence. */
export interface PresenceSource {
  readonly person: PresencePerson | null;
}

/** More lines than this are no echo of a room, but a flood. */
const maxLines = 2_000;
/** Clients that left are remembered, so that a late echo of them is not taken for somebody new. */
const maxDeparted = 1_000;
const maxClock = 2 ** 31;
/** After so many turns without a word of its own a place is not shown any more. Turns are counted, so that no clock that is set shows or hides anybody. */
const silentTurns = 15;
/** How long a turn is: half a minute in all. Clients renew their place every 15 seconds. */
export const presenceTurnMs = 2_000;
const forbiddenKeys = /"(?:__proto__|constructor|prototype)"/;
const gone = 'null';

interface Shown extends PresenceLine {
  readonly clock: number;
  /** The socket it belongs to; null once it is gone. */
  readonly source: PresenceSource | null;
  readonly personId: string;
  /** The clock of the owner's own last line; what goes out has clocks of the server's. */
  readonly heard: number;
  /** Turns since then. */
  readonly silent: number;
}

/**
 * Who is in a draft and where. Never stored. A socket owns at most a few client ids, and only what it says about these counts.
 * Stock clients echo all they receive, so lines about others are dropped without a word as long as they repeat what was sent.
 */
export class Presence {
  readonly #limits: Pick<Limits, 'presenceBytes' | 'presenceIdsPerSocket'>;
  readonly #shown = new Map<number, Shown>();
  readonly #changed = new Set<number>();

  constructor(limits: Pick<Limits, 'presenceBytes' | 'presenceIdsPerSocket'>) {
    this.#limits = limits;
  }

  /** Whether somebody else's open socket shows presence under this client id. */
  isForeign(clientId: number, personId: string): boolean {
    const shown = this.#shown.get(clientId);
    return shown !== undefined && shown.source !== null && shown.personId !== personId;
  }

  /**
   * Takes in an awareness update of a socket. `owner` tells who writes under a client id, if it is known. Gives how many of its
   * lines no honest client sends: in another's name, too many, too large; null where it is no awareness update at all.
   */
  receive(source: PresenceSource, update: Uint8Array, owner: (clientId: number) => string | undefined): number | null {
    const lines = readPresence(update, maxLines);
    if (lines === null) return null;
    const { person } = source;
    if (person === null) return 0;
    let forged = 0;
    for (const line of lines) {
      if (line.clock > maxClock) {
        forged += 1;
        continue;
      }
      const shown = this.#shown.get(line.clientId);
      const ok =
        shown?.source === source
          ? this.#renew(person, shown, line)
          : shown === undefined || (shown.source === null && shown.personId === person.id)
            ? this.#adopt(source, person, shown, line, owner)
            : isEcho(person, shown, line);
      if (!ok) forged += 1;
    }
    return forged;
  }

  /** Takes out all a socket shows: it closed, or may not show itself any more. */
  leave(source: PresenceSource): void {
    for (const shown of this.#shown.values()) if (shown.source === source) this.#remove(shown);
  }

  /**
   * A turn has passed. Who was not heard of for too many is not shown: his page does not run any more, though the line under it
   * may answer for hours. With his next word he is there again. Gives whether anybody is left to be counted.
   */
  turn(): boolean {
    for (const shown of this.present()) {
      if (shown.silent >= silentTurns) this.#remove(shown);
      else this.#shown.set(shown.clientId, { ...shown, silent: shown.silent + 1 });
    }
    return this.present().length > 0;
  }

  /** Whether anything changed since `takeChanges`. */
  get hasChanges(): boolean {
    return this.#changed.size > 0;
  }

  /** What changed since the last call. */
  takeChanges(): readonly Shown[] {
    const changes = [...this.#changed].flatMap((clientId) => this.#shown.get(clientId) ?? []);
    this.#changed.clear();
    return changes;
  }

  /** Everybody who is here. */
  present(): readonly Shown[] {
    return [...this.#shown.values()].filter(({ source }) => source !== null);
  }

  #renew(person: PresencePerson, shown: Shown, line: PresenceLine): boolean {
    if (line.state === gone) {
      if (line.clock >= shown.heard) this.#remove(shown);
      return true;
    }
    if (line.clock <= shown.heard) return true;
    const state = this.#stateOf(person, line.state);
    if (state === null) return false;
    this.#show({ ...shown, clock: Math.max(shown.clock + 1, line.clock), state, heard: line.clock, silent: 0 });
    return true;
  }

  #adopt(
    source: PresenceSource,
    person: PresencePerson,
    before: Shown | undefined,
    line: PresenceLine,
    owner: (clientId: number) => string | undefined,
  ): boolean {
    if (line.state === gone) return true;
    const { clientId } = line;
    if ((owner(clientId) ?? person.id) !== person.id || this.#countOf(source) >= this.#limits.presenceIdsPerSocket) return false;
    const state = this.#stateOf(person, line.state);
    if (state === null) return false;
    // Behind what others last saw of this client, a line would not be seen by them.
    const clock = Math.max((before?.clock ?? -1) + 1, line.clock);
    this.#show({ clientId, clock, state, source, personId: person.id, heard: line.clock, silent: 0 });
    return true;
  }

  /** The state to show, or null where it may not be shown. */
  #stateOf({ id, name, role, color }: PresencePerson, json: string): string | null {
    if (Buffer.byteLength(json) > this.#limits.presenceBytes) return null;
    let state: unknown;
    try {
      state = JSON.parse(json);
    } catch {
      return null;
    }
    if (typeof state !== 'object' || state === null || Array.isArray(state)) return null;
    const shown = JSON.stringify({ ...state, user: { id, name, role, ...(color === undefined ? {} : { color }) } });
    return forbiddenKeys.test(shown) ? null : shown;
  }

  #countOf(source: PresenceSource): number {
    let count = 0;
    for (const shown of this.#shown.values()) if (shown.source === source) count += 1;
    return count;
  }

  #show(shown: Shown): void {
    this.#shown.set(shown.clientId, shown);
    this.#changed.add(shown.clientId);
  }

  #remove(shown: Shown): void {
    this.#shown.delete(shown.clientId);
    this.#show({ ...shown, clock: shown.clock + 1, state: gone, source: null });
    let departed = 0;
    for (const { source } of this.#shown.values()) if (source === null) departed += 1;
    if (departed <= maxDeparted) return;
    for (const [clientId, { source }] of this.#shown) {
      if (source !== null || this.#changed.has(clientId)) continue;
      this.#shown.delete(clientId);
      return;
    }
  }
}

/** Whether a line about somebody else only repeats what was sent before, or says that he was not heard of for a while. */
function isEcho(person: PresencePerson, shown: Shown, line: PresenceLine): boolean {
  if (shown.personId === person.id || line.clock < shown.clock) return true;
  return line.clock === shown.clock && (line.state === shown.state || line.state === gone);
}
