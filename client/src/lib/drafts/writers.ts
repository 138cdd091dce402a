import * as Y from 'yjs';

/**
 * Who last wrote in each block at the top of a draft, as Yjs client ids. Yjs keeps no times: for what was written before this page
 * was opened, it is whoever wrote most of what stands in the block; from then on whoever changed it last.
 */
export class Writers {
  readonly #fragment: Y.XmlFragment;
  readonly #doc: Y.Doc;
  readonly #isJoining: () => boolean;
  readonly #last = new WeakMap<object, number>();
  readonly #most = new WeakMap<object, number | null>();

  /** `isJoining`: whether what comes in now is the past. */
  constructor(doc: Y.Doc, fragment: Y.XmlFragment, isJoining: () => boolean) {
    this.#isJoining = isJoining;
    this.#doc = doc;
    this.#fragment = fragment;
    doc.on('afterTransaction', this.#onTransaction);
  }

  /** One entry for each block, null where nobody wrote anything in it. */
  ofBlocks(): (number | null)[] {
    return this.#fragment.toArray().map((block) => this.#last.get(block) ?? this.#ofBlock(block));
  }

  stop(): void {
    this.#doc.off('afterTransaction', this.#onTransaction);
  }

  #ofBlock(block: object): number | null {
    const known = this.#most.get(block);
    if (known !== undefined) return known;
    const lengths = new Map<number, number>();
    addLengths(block as Y.AbstractType<unknown>, lengths);
    let most: number | null = null;
    for (const [client, length] of lengths) if (most === null || length > (lengths.get(most) ?? 0)) most = client;
    this.#most.set(block, most);
    return most;
  }

  readonly #onTransaction = ({ changed, beforeState, afterState }: Y.Transaction): void => {
    for (const type of changed.keys()) {
      const block = this.#blockOf(type);
      if (block !== null) this.#most.delete(block);
    }
    // What came before this page was opened came in no order.
    if (this.#isJoining()) return;
    for (const [client, clock] of afterState) {
      const before = beforeState.get(client) ?? 0;
      const structs = this.#doc.store.clients.get(client);
      if (clock === before || structs === undefined) continue;
      for (let index = Y.findIndexSS(structs, before); index < structs.length; index += 1) {
        const struct = structs[index];
        const block = struct instanceof Y.Item ? this.#blockOf(struct.parent) : null;
        if (block !== null) this.#last.set(block, client);
      }
    }
  };

  #blockOf(type: unknown): object | null {
    let at = type as Y.AbstractType<unknown> | null;
    while (at !== null && at._item !== null && at._item.parent !== this.#fragment) at = at._item.parent as Y.AbstractType<unknown> | null;
    return at === null || at._item === null ? null : at;
  }
}

function addLengths(type: Y.AbstractType<unknown>, lengths: Map<number, number>): void {
  for (let item = type._start; item !== null; item = item.right) {
    if (item.deleted) continue;
    if (item.content instanceof Y.ContentString) lengths.set(item.id.client, (lengths.get(item.id.client) ?? 0) + item.length);
    else if (item.content instanceof Y.ContentType) addLengths(item.content.type as Y.AbstractType<unknown>, lengths);
  }
}
