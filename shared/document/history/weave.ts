import * as Y from 'yjs';
import type { Json } from '../../lib/canonical.ts';
import { DRAFT_FIELD } from '../schema.ts';
import type { Run } from '../text-index.ts';
import { typeOf } from '../text-index.ts';
import { Ledger } from './ledger.ts';
import type { Fate } from './ledger.ts';
import type { EntryHead } from './moments.ts';
import type { FoundPassage, Span, WantedPassage } from './passages.ts';
import { findPassage, spanOf } from './passages.ts';
import type { Moment, WovenAttribute, WovenDraft, WovenElement, WovenFormat, WovenNode, WovenPiece, WovenText } from './woven.ts';

/** Nodes below this depth are left out: the content check refuses them long before, and a walk must end. */
const WALK_DEPTH = 64;

/** An entry of a draft's log, as far as its history needs it. A barrier has no bytes. */
export interface LoggedEntry extends EntryHead {
  readonly kind: 'update' | 'barrier';
  readonly bytes: Uint8Array;
}

/**
 * The whole log of a draft in one document that forgets nothing, with the entry that brought each struct and the entry that
 * deleted it. The order of what stands in a Yjs document never changes once it is there, so the document at any moment is this
 * one without what had not come yet and what was gone already.
 *
 * Who wrote a character is the participant the first entry with it names: the server leases a client id to one participant.
 */
export class Weave {
  readonly #doc: Y.Doc;
  readonly #ledger = new Ledger();
  readonly #entries: EntryHead[] = [];
  /** Place in `#entries` by ordinal, less one, or the place before it where the entry is none that changes the text. */
  readonly #placeOf: number[] = [];
  #ordinal = 0;

  constructor() {
    this.#doc = new Y.Doc({ gc: false });
    this.#doc.on('afterTransaction', (transaction: Y.Transaction) => {
      // As on the server: deletions that no entry holds would be changes nobody made.
      transaction._needFormattingCleanup = false;
      this.#note(transaction);
    });
  }

  /** The last entry that was taken in. */
  get ordinal(): number {
    return this.#ordinal;
  }

  /** The entries that changed something, or could have. */
  get entries(): readonly EntryHead[] {
    return this.#entries;
  }

  /** Takes in the next entry of the log. Throws where it is not the next, or is no update. */
  take(entry: LoggedEntry): void {
    if (entry.ordinal !== this.#ordinal + 1) throw new RangeError(`Entry ${this.#ordinal + 1} is missing.`);
    this.#ordinal = entry.ordinal;
    if (entry.kind === 'update') {
      this.#entries.push({ ordinal: entry.ordinal, at: entry.at, actorId: entry.actorId });
      Y.applyUpdate(this.#doc, entry.bytes);
    }
    this.#placeOf.push(this.#entries.length - 1);
  }

  /** Whether nothing waits for what the log does not hold. */
  get isWhole(): boolean {
    return this.#doc.store.pendingStructs === null && this.#doc.store.pendingDs === null;
  }

  /**
   * The history at some of its entries.
   * @param stops places in `entries`, rising
   */
  draft(draftId: string, lineage: string, stops: readonly number[]): WovenDraft {
    const people = new Map<string, number>();
    const personOf = (id: string): number => people.get(id) ?? people.set(id, people.size).size - 1;
    let before = -1;
    const moments = stops.map((place): Moment => {
      const { ordinal, at, actorId } = this.#entries[place] as EntryHead;
      const edits = place - before;
      before = place;
      return { ordinal, at, by: personOf(actorId), edits };
    });
    const walk = new Walk(this.#ledger, {
      momentOf: momentsByPlace(stops, this.#entries.length),
      placeOf: (ordinal) => this.#placeOf[ordinal - 1] ?? -1,
      entryAt: (place) => this.#entries[place],
      personOf,
      since: moments[0]?.at ?? 0,
    });
    const nodes = walk.children(this.#doc.getXmlFragment(DRAFT_FIELD), 0);
    return { draftId, lineage, ordinal: this.#ordinal, people: [...people.keys()], moments, nodes };
  }

  /** What a passage is in the whole history; see `findPassage`. Nothing may be taken in before it is done. */
  passage(wanted: WantedPassage): Generator<void, FoundPassage | null> {
    return findPassage(this.#doc.getXmlFragment(DRAFT_FIELD), this.#ledger, wanted);
  }

  /** When any of these characters stood in the text. */
  span(runs: readonly Run[]): Span {
    return spanOf(this.#ledger, runs);
  }

  #note(transaction: Y.Transaction): void {
    for (const [client, end] of transaction.afterState) {
      const begin = transaction.beforeState.get(client) ?? 0;
      if (end > begin) this.#ledger.bring(client, begin, end, this.#ordinal);
    }
    for (const [client, ranges] of transaction.deleteSet.clients) {
      for (const { clock, len } of ranges) this.#ledger.remove(client, clock, len, this.#ordinal);
    }
  }
}

/** For each entry the first stop at it or behind it; -1 where there is none. */
function momentsByPlace(stops: readonly number[], entries: number): (place: number) => number {
  const moments = new Int32Array(entries).fill(-1);
  let stop = 0;
  for (let place = 0; place < entries; place += 1) {
    while (stop < stops.length && (stops[stop] ?? 0) < place) stop += 1;
    if (stop === stops.length) break;
    moments[place] = stop;
  }
  return (place) => moments[place] ?? -1;
}

interface Legend {
  readonly momentOf: (place: number) => number;
  readonly placeOf: (ordinal: number) => number;
  readonly entryAt: (place: number) => EntryHead | undefined;
  readonly personOf: (id: string) => number;
  readonly since: number;
}

/** From when to when something is there, or null where no moment shows it. */
interface Life {
  readonly born: number;
  readonly died: number;
  readonly author: number;
  readonly at: number;
  readonly deleter: number;
}

class Walk {
  readonly #ledger: Ledger;
  readonly #legend: Legend;

  constructor(ledger: Ledger, legend: Legend) {
    this.#ledger = ledger;
    this.#legend = legend;
  }

  children(parent: Y.XmlFragment, depth: number): WovenNode[] {
    const nodes: WovenNode[] = [];
    if (depth > WALK_DEPTH) return nodes;
    for (let item = parent._start; item !== null; item = item.right) {
      const type = typeOf(item);
      if (!(type instanceof Y.XmlText || type instanceof Y.XmlElement)) continue;
      const { client, clock } = item.id;
      const life = this.#life(this.#ledger.fate(client, clock));
      if (life === null) continue;
      nodes.push(type instanceof Y.XmlText ? this.#text(type, life) : this.#element(type, life, [client, clock], depth));
    }
    return nodes;
  }

  #element(element: Y.XmlElement, { born, died, author }: Life, id: readonly [number, number], depth: number): WovenElement {
    const attrs: WovenAttribute[] = [];
    for (const [name, newest] of element._map) {
      for (let item: Y.Item | null = newest; item !== null; item = item.left) {
        const life = this.#life(this.#ledger.fate(item.id.client, item.id.clock));
        if (life === null || !(item.content instanceof Y.ContentAny)) continue;
        const value: unknown = item.content.arr[item.length - 1];
        attrs.push([name, (value ?? null) as Json, life.born, life.died]);
      }
    }
    const nodes = this.children(element, depth + 1);
    const node = { type: element.nodeName, born, died, id, by: author, nodes };
    return attrs.length === 0 ? node : { ...node, attrs };
  }

  #text(text: Y.XmlText, { born, died }: Life): WovenText {
    const pieces: (WovenPiece | WovenFormat)[] = [];
    for (let item = text._start; item !== null; item = item.right) {
      const { content, id } = item;
      if (content instanceof Y.ContentString) {
        for (const fate of this.#ledger.fates(id.client, id.clock, item.length)) {
          const life = this.#life(fate);
          if (life === null) continue;
          const skip = fate.clock - id.clock;
          addPiece(pieces, content.str.slice(skip, skip + fate.length), life, id.client, fate.clock);
        }
      } else if (content instanceof Y.ContentFormat) {
        const life = this.#life(this.#ledger.fate(id.client, id.clock));
        if (life !== null) pieces.push([content.key, content.value as Json, life.born, life.died]);
      }
    }
    return { born, died, pieces };
  }

  #life(fate: Fate): Life | null {
    const { momentOf, placeOf, entryAt, personOf, since } = this.#legend;
    const place = placeOf(fate.born);
    const entry = entryAt(place);
    const born = momentOf(place);
    const died = fate.died === 0 ? -1 : momentOf(placeOf(fate.died));
    if (entry === undefined || born === -1 || born === died) return null;
    const deleter = died === -1 ? undefined : entryAt(placeOf(fate.died));
    return {
      born,
      died,
      author: personOf(entry.actorId),
      at: entry.at - since,
      deleter: deleter === undefined ? -1 : personOf(deleter.actorId),
    };
  }
}

/** Characters typed one after the other, with one author and one fate, are one piece. */
function addPiece(pieces: (WovenPiece | WovenFormat)[], text: string, life: Life, client: number, clock: number): void {
  const last = pieces.at(-1);
  if (last?.length === 8) {
    const [words, author, at, born, died, deleter, lastClient, lastClock] = last;
    const same = author === life.author && born === life.born && died === life.died && deleter === life.deleter;
    if (same && lastClient === client && lastClock + words.length === clock) {
      pieces[pieces.length - 1] = [words + text, author, at, born, died, deleter, client, lastClock];
      return;
    }
  }
  pieces.push([text, life.author, life.at, life.born, life.died, life.deleter, client, clock]);
}
