import type { WireCommit } from '#shared/domain/commit.ts';
import { evolve } from '#shared/domain/room.ts';
import type { RoomState } from '#shared/domain/state.ts';
import { emptyRoom } from '#shared/domain/state.ts';

/** So many commits are folded again at most to go to any of them. */
const everyCommits = 32;

/** The room as it was after any of its commits, as far as this viewer may see it today. */
export class RoomThen {
  readonly #commits: readonly WireCommit[];
  /** The state before commit `n * everyCommits`. */
  readonly #states: RoomState[] = [emptyRoom()];
  #last: { readonly seq: number; readonly state: RoomState } = { seq: 0, state: emptyRoom() };

  /** @param commits all of the room, seq 1 first */
  constructor(commits: readonly WireCommit[]) {
    this.#commits = commits;
  }

  /** The state after the commit with this seq; before all of them for 0. */
  at(seq: number): RoomState {
    if (this.#last.seq === seq) return this.#last.state;
    const state = this.#stateAt(Math.min(seq, this.#commits.length));
    this.#last = { seq, state };
    return state;
  }

  #stateAt(count: number): RoomState {
    let at = Math.min(this.#states.length - 1, Math.floor(count / everyCommits));
    let state = this.#states[at] ?? emptyRoom();
    for (let index = at * everyCommits; index < count; index += 1) {
      const commit = this.#commits[index];
      if (commit === undefined) break;
      for (const { event } of commit.events) if (event !== undefined) state = evolve(state, event, commit);
      if ((index + 1) % everyCommits === 0) this.#states[(at += 1)] = state;
    }
    return state;
  }
}
