import type { Capability, Role } from '#shared/domain/participants/roles.ts';
import type { Rejection } from '#shared/domain/rejections.ts';
import { isOffered } from './offered.ts';
import type { RoomStore } from './roomStore.svelte.ts';

/**
 * What this viewer may do, asked once for each change of the room and not once for each comment on the screen: an answer that
 * says the same as before is the same object, and so nothing that hangs on it is drawn anew.
 */
export class Rights {
  readonly #store: RoomStore;
  readonly #said = new Map<Capability, Rejection | null>();
  readonly #write = $derived.by(() => this.#steady('comment:write'));
  readonly #support = $derived.by(() => this.#steady('comment:support'));
  readonly #withdraw = $derived.by(() => this.#steady('comment:withdraw'));
  readonly #resolve = $derived.by(() => this.#steady('comment:resolve'));
  readonly #moderate = $derived.by(() => this.#steady('comment:moderate'));
  readonly #erase = $derived.by(() => this.#steady('text:erase'));
  readonly #record = $derived.by(() => this.#steady('speech:record'));
  readonly #people = $derived.by(() => this.#store.state.participants);

  constructor(store: RoomStore) {
    this.#store = store;
  }

  /** Why not, or null. */
  why(capability: Capability): Rejection | null {
    switch (capability) {
      case 'comment:write':
        return this.#write;
      case 'comment:support':
        return this.#support;
      case 'comment:withdraw':
        return this.#withdraw;
      case 'comment:resolve':
        return this.#resolve;
      case 'comment:moderate':
        return this.#moderate;
      case 'text:erase':
        return this.#erase;
      case 'speech:record':
        return this.#record;
      default:
        return this.#store.whyNot(capability);
    }
  }

  /** Whether it is this viewer's to do here, now or once what holds him back for a while is over. */
  capable(capability: Capability): boolean {
    return this.#store.me !== null && isOffered(this.why(capability));
  }

  /** Whether anything is this viewer's to do with the comments here. */
  get acts(): boolean {
    return this.capable('comment:write') || this.capable('comment:support') || this.capable('comment:resolve');
  }

  roleOf(participantId: string): Role | undefined {
    return this.#people.get(participantId)?.role;
  }

  #steady(capability: Capability): Rejection | null {
    const now = this.#store.whyNot(capability);
    const before = this.#said.get(capability);
    if (before !== undefined && JSON.stringify(before) === JSON.stringify(now)) return before;
    this.#said.set(capability, now);
    return now;
  }
}
