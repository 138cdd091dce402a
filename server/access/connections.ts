/**
 * A live connection of somebody; `end` closes it for good because the sign-in behind it is gone, `again` closes it so that it
 * comes back and asks anew who it belongs to.
 */
export interface LiveConnection {
  readonly sessionId: string | null;
  readonly principal: string | null;
  readonly end: () => void;
  readonly again: () => void;
}

/** All live connections of this process, so that a sign-in that ends takes its sockets with it. */
export class Connections {
  readonly #all = new Set<LiveConnection>();
  /** How many each principal has: asked at every connect, of thousands after a restart. */
  readonly #counts = new Map<string, number>();

  /** How many each principal has in one room, or at one draft. */
  readonly #standing = new Map<string, number>();

  /** Gives the undo. */
  add(connection: LiveConnection): () => void {
    this.#all.add(connection);
    this.#count(connection, 1);
    return () => {
      if (this.#all.delete(connection)) this.#count(connection, -1);
    };
  }

  #count({ principal }: LiveConnection, more: 1 | -1): void {
    if (principal === null) return;
    const count = this.countOf(principal) + more;
    if (count === 0) this.#counts.delete(principal);
    else this.#counts.set(principal, count);
  }

  endSessions(ids: readonly string[]): void {
    for (const connection of [...this.#all]) {
      if (connection.sessionId !== null && ids.includes(connection.sessionId)) connection.end();
    }
  }

  /** Has the connections of these sign-ins come back: they belong to somebody else now. */
  renewSessions(ids: readonly string[]): void {
    for (const connection of [...this.#all]) {
      if (connection.sessionId !== null && ids.includes(connection.sessionId)) connection.again();
    }
  }

  /** The sign-ins that have a live connection. */
  sessionIds(): ReadonlySet<string> {
    return new Set([...this.#all].flatMap(({ sessionId }) => sessionId ?? []));
  }

  /**
   * Lets one more socket of a principal stand in a room or at a draft; gives what ends that, or null where he has `most` there already.
   * Strangers (null) are counted together elsewhere.
   */
  sit(principal: string | null, place: string, most: number): (() => void) | null {
    if (principal === null) return () => undefined;
    const key = `${place}/${principal}`;
    const count = this.#standing.get(key) ?? 0;
    if (count >= most) return null;
    this.#standing.set(key, count + 1);
    let over = false;
    return () => {
      if (over) return;
      over = true;
      const left = (this.#standing.get(key) ?? 1) - 1;
      if (left === 0) this.#standing.delete(key);
      else this.#standing.set(key, left);
    };
  }

  countOf(principal: string): number {
    return this.#counts.get(principal) ?? 0;
  }

  get size(): number {
    return this.#all.size;
  }
}
