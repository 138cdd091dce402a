import { untrack } from 'svelte';
import type { Comment, RoomState } from '#shared/domain/state.ts';
import { letIn } from './arrivals.ts';
import type { WritingPlace } from './kept.ts';
import { isMarked, mark, marksFromText, marksThrough, marksToText } from './marks.ts';
import type { Marks } from './marks.ts';
import { orderThreads, passes } from './order.ts';
import type { Filter, Ordered, Sort, Standing } from './order.ts';
import type { Shelf } from './outbox.ts';
import type { RoomStore } from './roomStore.svelte.ts';
import { noStandings, nothingInSight, numbersOf, shownOf, unreadOf } from './shownComments.ts';
import { Sight } from './sight.ts';
import { buildThreads } from './threading.ts';
import type { Thread } from './threading.ts';

const DIGEST_MS = 5_000;

export interface DiscussionEdges {
  readonly shelf: Shelf;
  later(ms: number, run: () => void): () => void;
  /** So many comments by others came since the last time; at most one call in five seconds. */
  arrived(count: number): void;
}

/** How one person looks at the discussion: order, filter, what is shown, what was read, where the passages are. */
export class DiscussionView {
  readonly sight: Sight;
  readonly #store: RoomStore;
  readonly #edges: DiscussionEdges;
  #sort = $state<Sort>('time');
  #filter = $state<Filter>('all');
  #shown = $state.raw<Marks>(marksThrough(0));
  #seen = $state.raw<Marks>(marksThrough(0));
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
  #unannounced = 0;
  #announceWaits = false;
  #bring: ((number: number) => void) | null = null;

  readonly #threads = $derived.by(() => {
    this.#before = buildThreads(shownOf(this.#store.state.comments, this.#shown), this.#before);
    return this.#before;
  });
  readonly #ordered: Ordered = $derived(this.#arrange(this.#threads));
  readonly #unread = $derived.by(() => unreadOf(this.#store.state.comments, this.#seen, this.#store.me));
  readonly #outOfSight = $derived(this.#fresh.filter((number) => !isMarked(this.#seen, number) && !this.#inSight.has(number)).length);

  constructor(store: RoomStore, edges: DiscussionEdges) {
    this.#store = store;
    this.#edges = edges;
    this.sight = new Sight(
      (inSight) => this.#look(inSight),
      (numbers) => this.#read(numbers),
    );
    if (edges.shelf.getItem('shangliang/sort') === 'place') this.#sort = 'place';
  }

  get ordered(): Ordered {
    return this.#ordered;
  }
  get sort(): Sort {
    return this.#sort;
  }
  get filter(): Filter {
    return this.#filter;
  }
  /** How many comments by others were not read on this device. */
  get unread(): number {
    return this.#unread;
  }
  /** How many arrived during this visit and were not seen yet. */
  get outOfSight(): number {
    return this.#outOfSight;
  }
  /** The comment whose passage is marked strongly, or null. */
  get active(): number | null {
    return this.#active;
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
    return comment.status === 'published' && comment.authorId !== this.#store.me && !isMarked(this.#seen, comment.number);
  }

  choose(number: number | null): void {
    this.#active = number;
  }

  sortBy(sort: Sort): void {
    this.#sort = sort;
    try {
      this.#edges.shelf.setItem('shangliang/sort', sort);
    } catch {
      // Not remembered, then.
    }
    this.#rearrange();
  }

  filterBy(filter: Filter): void {
    this.#seenAtFilter = this.#seen;
    this.#filter = filter;
    this.#rearrange();
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
    const first = this.#fresh.find((number) => !isMarked(this.#seen, number) && !this.#inSight.has(number));
    this.#rearrange();
    if (first !== undefined) this.bring(first);
  }

  /** Brings a comment into sight, whatever the filter. */
  bring(number: number): void {
    if (this.#store.state.comments.get(number - 1) === undefined) return;
    if (!isMarked(this.#shown, number)) this.#showAll();
    if (!numbersOf(this.#ordered).includes(number)) this.filterBy('all');
    this.#bring?.(number);
  }

  /** Who can scroll. Gives its own undo. */
  onBring(bring: (number: number) => void): () => void {
    this.#bring = bring;
    return () => {
      if (this.#bring === bring) this.#bring = null;
    };
  }

  /** The room moved on. */
  moved(before: RoomState, after: RoomState): void {
    const count = after.comments.length;
    if (before.status === 'absent') {
      this.#shown = marksThrough(count);
      this.#seen = marksFromText(this.#edges.shelf.getItem(this.#seenKey())) ?? marksThrough(count);
      this.#seenAtFilter = this.#seen;
      this.#keepSeen();
      return;
    }
    if (count <= before.comments.length) return;
    const others: number[] = [];
    for (let number = before.comments.length + 1; number <= count; number += 1) {
      if (after.comments.get(number - 1)?.authorId !== this.#store.me) others.push(number);
    }
    this.#fresh = [...this.#fresh.filter((number) => !isMarked(this.#seen, number)), ...others];
    this.#admit();
    this.#announce(others.length);
  }

  #arrange(threads: readonly Thread[]): Ordered {
    const unread = (comment: Comment) =>
      comment.status === 'published' && comment.authorId !== this.#store.me && !isMarked(this.#seenAtFilter, comment.number);
    const kept = threads.filter((thread) => passes(thread, this.#filter, this.#store.me, unread));
    return orderThreads(kept, this.#sort, this.#orderedBy);
  }

  #rearrange(): void {
    this.#orderedBy = this.#standings;
    this.#showAll();
  }

  #showAll(): void {
    this.#shown = marksThrough(this.#store.state.comments.length);
  }

  #admit(): void {
    untrack(() => {
      const { comments } = this.#store.state;
      if (this.#shown.through >= comments.length) return;
      const order = numbersOf(this.#arrange(buildThreads(comments)));
      const reading = { order, inSight: this.#inSight, watched: this.#open && document.visibilityState === 'visible', me: this.#store.me };
      this.#shown = letIn(shownOf(comments, this.#shown, true), this.#shown, reading);
    });
  }

  #look(inSight: ReadonlySet<number>): void {
    this.#inSight = inSight;
    this.#admit();
  }

  #read(numbers: readonly number[]): void {
    const seen = mark(this.#seen, numbers);
    if (seen === this.#seen) return;
    this.#seen = seen;
    this.#keepSeen();
  }

  #keepSeen(): void {
    try {
      this.#edges.shelf.setItem(this.#seenKey(), marksToText(this.#seen));
    } catch {
      // Kept for as long as the page lives.
    }
  }

  #seenKey(): string {
    return `shangliang/seen/${this.#store.roomId}/${this.#store.me ?? ''}`;
  }

  #announce(count: number): void {
    this.#unannounced += count;
    if (this.#unannounced === 0 || this.#announceWaits) return;
    this.#announceWaits = true;
    // The first is gathered for a moment as well: a burst is one sentence.
    this.#edges.later(DIGEST_MS, () => {
      this.#announceWaits = false;
      this.#edges.arrived(this.#unannounced);
      this.#unannounced = 0;
    });
  }
}
