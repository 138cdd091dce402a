import { untrack } from 'svelte';
import type { Comment, RoomState } from '#shared/domain/state.ts';
import { isBy, letIn } from './arrivals.ts';
import { Digest } from './digest.ts';
import type { WritingPlace } from './kept.ts';
import { keepChoice, keepSort, readChoice, readSort } from './keptChoice.ts';
import { isMarked, marksOf, marksThrough } from './marks.ts';
import type { Marks } from './marks.ts';
import { everything, orderThreads, passes } from './order.ts';
import type { Choice, Filter, Ordered, Sort, Standing } from './order.ts';
import type { Shelf } from './outbox.ts';
import { ReadMarks } from './readMarks.svelte.ts';
import { Rights } from './rights.svelte.ts';
import type { RoomStore } from './roomStore.svelte.ts';
import { foundIn, queryOf } from './search.ts';
import { canBeUnread, isVisible, noStandings, nothingInSight, numbersOf, shownOf, unreadOf } from './shownComments.ts';
import { Sight } from './sight.ts';
import { gatheredComments, isUngathered } from '../suggestions/gatheredComments.ts';
import { buildThreads } from './threading.ts';
import type { Thread } from './threading.ts';

export interface DiscussionEdges {
  readonly shelf: Shelf;
  later(ms: number, run: () => void): () => void;
  /** So many comments by others came since the last time; at most one call in five seconds. */
  arrived(count: number): void;
  nameOf(id: string): string;
}

/** Brings a comment into sight; with `focus` the keyboard goes there too. */
type Bring = (number: number, focus: boolean) => void;

/** How one person looks at the discussion: order, filter, search, what is shown, what was read, where the passages are. */
export class DiscussionView {
  readonly sight: Sight;
  readonly rights: Rights;
  readonly #store: RoomStore;
  readonly #edges: DiscussionEdges;
  readonly #read: ReadMarks;
  readonly #digest: Digest;
  #sort = $state<Sort>('time');
  #choice = $state.raw<Choice>(everything);
  #typed = $state('');
  #searching = $state(false);
  #shown = $state.raw<Marks>(marksThrough(0));
  /** What had been read when the filter was chosen: a comment does not vanish under the eye of who reads it. */
  #seenAtFilter = $state.raw<Marks>(marksThrough(0));
  /** Numbers that arrived during this visit, by others. */
  #fresh = $state.raw<readonly number[]>([]);
  #inSight = $state.raw<ReadonlySet<number>>(nothingInSight);
  #standings = $state.raw<ReadonlyMap<number, Standing>>(noStandings);
  /** Where passages were when the order was last made: the text moves all the time, the order must not. */
  #orderedBy = $state.raw<ReadonlyMap<number, Standing>>(noStandings);
  #active = $state<number | null>(null);
  #writingIn = $state<WritingPlace | null>(null);
  #open = $state(false);
  #before: readonly Thread[] = [];
  /** Visible comments that are not shown yet. */
  #waiting: readonly number[] = [];
  #bring: Bring | null = null;

  readonly #moderates = $derived.by(() => this.#store.you.audience === 'moderators');
  readonly #visible = $derived.by(() => this.#visibleIn(this.#store.state));
  readonly #held = $derived(this.#visible.filter(({ status }) => status === 'held').length);
  readonly #threads = $derived.by(() => {
    this.#before = buildThreads(shownOf(this.#visible, this.#shown), this.#before);
    return this.#before;
  });
  readonly #chosen: Ordered = $derived(this.#arrange(this.#threads));
  readonly #query = $derived(this.#searching ? queryOf(this.#typed) : null);
  readonly #found = $derived.by(() => {
    if (this.#query === null) return null;
    return foundIn([...this.#chosen.threads, ...this.#chosen.gone], this.#query, (id) => this.#edges.nameOf(id));
  });
  readonly #ordered: Ordered = $derived.by(() => {
    if (this.#found === null) return this.#chosen;
    const found = new Set(this.#found);
    const holds = ({ rows }: Thread) => rows.some(({ comment }) => found.has(comment.number));
    return { threads: this.#chosen.threads.filter(holds), gone: this.#chosen.gone.filter(holds) };
  });
  readonly #unread = $derived.by(() => unreadOf(this.#visible, this.#read.seen, this.#store.me));
  readonly #outOfSight = $derived(this.#fresh.filter((number) => !this.#read.has(number) && !this.#inSight.has(number)).length);

  constructor(store: RoomStore, edges: DiscussionEdges) {
    this.#store = store;
    this.#edges = edges;
    this.rights = new Rights(store);
    this.#digest = new Digest((count) => edges.arrived(count), edges.later);
    this.#read = new ReadMarks(edges.shelf, () => `shangliang/seen/${store.roomId}/${store.me ?? ''}`);
    this.sight = new Sight(
      (inSight) => this.#look(inSight),
      (numbers) => this.#read.add(numbers),
    );
    this.#sort = readSort(edges.shelf);
    this.#choice = readChoice(edges.shelf, store.roomId);
  }

  get ordered(): Ordered {
    return this.#ordered;
  }
  get sort(): Sort {
    return this.#sort;
  }
  get choice(): Choice {
    return this.#choice;
  }
  get filter(): Filter {
    return this.#choice.filter;
  }
  /** How many comments by others were not read on this device. */
  get unread(): number {
    return this.#unread;
  }
  /** How many wait for a moderator, of those this viewer may know of. */
  get held(): number {
    return this.#held;
  }
  /** How many arrived during this visit and were not seen yet. */
  get outOfSight(): number {
    return this.#outOfSight;
  }
  /** The comment whose passage is marked strongly, or null. */
  get active(): number | null {
    return this.#active;
  }
  /** Whether the search is open, and what was typed into it. */
  get searching(): boolean {
    return this.#searching;
  }
  get typed(): string {
    return this.#typed;
  }
  set typed(typed: string) {
    this.#typed = typed;
  }
  get query() {
    return this.#query;
  }
  /** The comments that are found, in the order they are drawn; null while nothing is looked for. */
  get found(): readonly number[] | null {
    return this.#found;
  }

  /** Which reply or edit is open for writing, or null. What stands half-written elsewhere is kept. */
  get writingIn(): WritingPlace | null {
    return this.#writingIn;
  }

  writeIn(place: WritingPlace | null): void {
    this.#writingIn = place;
  }

  /** Closes what was open for writing; the focus goes to the comment it was about, and nothing scrolls. */
  doneWriting(comment: number): void {
    this.#writingIn = null;
    document.getElementById(`comment-${comment}`)?.focus({ preventScroll: true });
  }

  standingOf(number: number): Standing | null {
    return this.#standings.get(number) ?? null;
  }

  isUnread(comment: Comment): boolean {
    return canBeUnread(comment, this.#store.me) && !this.#read.has(comment.number);
  }

  choose(number: number | null): void {
    this.#active = number;
  }

  sortBy(sort: Sort): void {
    this.#sort = sort;
    keepSort(this.#edges.shelf, sort);
    this.#rearrange();
  }

  filterBy(filter: Filter): void {
    this.chooseBy({ filter });
  }

  /** Changes a part of what one wants to see; the rest stays as it was chosen. */
  chooseBy(choice: Partial<Choice>): void {
    this.#seenAtFilter = this.#read.seen;
    this.#choice = { ...this.#choice, ...choice };
    keepChoice(this.#edges.shelf, this.#store.roomId, this.#choice);
    this.#rearrange();
  }

  search(open: boolean): void {
    this.#searching = open;
    if (open) this.#rearrange();
    else this.#typed = '';
  }

  /** The found comment one step on from the one looked at last, brought into sight; from the end to the beginning. */
  stepFound(step: 1 | -1): void {
    const found = this.#found ?? [];
    const at = this.#active === null ? -1 : found.indexOf(this.#active);
    const next = found.at(at === -1 ? (step === 1 ? 0 : -1) : (at + step) % found.length);
    if (next === undefined) return;
    this.#active = next;
    this.#bring?.(next, false);
  }

  /** Where the passages of comments are in the text now, from the editor. */
  place(standings: ReadonlyMap<number, Standing>): void {
    const first = this.#standings.size === 0;
    this.#standings = standings;
    if (first || !this.#open) this.#orderedBy = standings;
  }

  /** The pane is shown, or no longer. While it is not, everything is let in. */
  setOpen(open: boolean): void {
    this.#open = open;
    this.#admit();
  }

  /** The person asked for what waits: all of it is shown, and the first of it brought into sight. */
  showArrivals(): void {
    const first = this.#fresh.find((number) => !this.#read.has(number) && !this.#inSight.has(number));
    this.#rearrange();
    if (first !== undefined) this.bring(first);
  }

  /** Goes to the next unread comment below the one the keyboard or the eye is at; from the end to the beginning. */
  nextUnread(): void {
    if (this.#unread === 0) return;
    this.#rearrange();
    const unread = new Set(this.#visible.filter((comment) => this.isUnread(comment)).map(({ number }) => number));
    if (!numbersOf(this.#ordered).some((number) => unread.has(number))) this.#clear();
    const order = numbersOf(this.#ordered);
    const focused = order.indexOf(Number(/^comment-(\d+)$/.exec(document.activeElement?.id ?? '')?.[1] ?? 0));
    const from = focused >= 0 ? focused : order.findIndex((number) => this.#inSight.has(number)) - 1;
    const next = [...order.slice(from + 1), ...order].find((number) => unread.has(number));
    if (next === undefined) return;
    this.#bring?.(next, true);
    this.#read.add([next]);
  }

  markAllRead(): void {
    this.#rearrange();
    this.#read.add(this.#visible.map(({ number }) => number));
    this.#seenAtFilter = this.#read.seen;
  }

  /** Brings a comment into sight, whatever the filter. */
  bring(number: number): void {
    if (!this.#visible.some((comment) => comment.number === number)) return;
    if (!isMarked(this.#shown, number)) this.#showAll();
    if (!numbersOf(this.#ordered).includes(number)) this.#clear();
    this.#bring?.(number, false);
  }

  /** Who can scroll. Gives its own undo. */
  onBring(bring: Bring): () => void {
    this.#bring = bring;
    return () => {
      if (this.#bring === bring) this.#bring = null;
    };
  }

  /** The room moved on. */
  moved(before: RoomState, after: RoomState): void {
    const visible = this.#visibleIn(after);
    if (before.status === 'absent') {
      const first = marksOf(
        visible.map(({ number }) => number),
        after.comments.length,
      );
      this.#shown = first;
      this.#read.begin(first);
      this.#seenAtFilter = this.#read.seen;
      return;
    }
    const me = this.#store.me;
    const waiting = new Set(this.#waiting);
    const fresh = visible.filter(({ number }) => !isMarked(this.#shown, number) && !waiting.has(number));
    if (fresh.length === 0) return;
    const others = fresh.filter((comment) => !isBy(comment, me)).map(({ number }) => number);
    this.#fresh = [...this.#fresh.filter((number) => !this.#read.has(number)), ...others];
    this.#waiting = [...this.#waiting, ...fresh.map(({ number }) => number)];
    this.#admit();
    this.#digest.add(others.length);
    const own = fresh.findLast((comment) => isBy(comment, me) && comment.parent === null);
    if (own !== undefined && this.#sort === 'place') {
      this.#rearrange();
      this.#bring?.(own.number, false);
    }
  }

  #visibleIn(state: RoomState): readonly Comment[] {
    const viewer = { me: this.#store.me, moderates: this.#moderates };
    return state.comments.toArray().filter((comment) => isVisible(comment, viewer));
  }

  #arrange(threads: readonly Thread[]): Ordered {
    const gathered = this.#choice.filter === 'ungathered' ? gatheredComments(this.#store.state) : null;
    const is = {
      unread: (comment: Comment) => canBeUnread(comment, this.#store.me) && !isMarked(this.#seenAtFilter, comment.number),
      ungathered: (comment: Comment) => gathered !== null && isUngathered(comment, gathered),
    };
    const kept = threads.filter((thread) => passes(thread, this.#choice, this.#store.me, is));
    return orderThreads(kept, this.#sort, this.#orderedBy);
  }

  /** Shows everything: what was filtered away, and what is not found. */
  #clear(): void {
    this.search(false);
    this.chooseBy(everything);
  }

  #rearrange(): void {
    this.#orderedBy = this.#standings;
    this.#showAll();
  }

  #showAll(): void {
    const numbers = this.#visible.map(({ number }) => number);
    this.#shown = marksOf(numbers, this.#store.state.comments.length);
    this.#waiting = [];
  }

  #admit(): void {
    untrack(() => {
      if (this.#waiting.length === 0) return;
      const order = numbersOf(this.#arrange(buildThreads(this.#visible)));
      const reading = { order, inSight: this.#inSight, watched: this.#open && document.visibilityState === 'visible', me: this.#store.me };
      this.#shown = letIn(shownOf(this.#visible, this.#shown, true), this.#shown, reading);
      this.#waiting = this.#waiting.filter((number) => !isMarked(this.#shown, number));
    });
  }

  #look(inSight: ReadonlySet<number>): void {
    this.#inSight = inSight;
    this.#admit();
  }
}
