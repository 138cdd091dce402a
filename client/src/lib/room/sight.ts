/** How long something must be in sight to count as read. */
const READ_MS = 800;

/** So far beyond the edges of the pane something counts as near. */
const NEAR_PX = 800;

/**
 * Knows which comments can be seen at the moment in one scrolling pane, and which were seen long enough to count as read. It
 * says nothing while the page is in the background.
 */
export class Sight {
  readonly #changed: (inSight: ReadonlySet<number>) => void;
  readonly #read: (numbers: readonly number[]) => void;
  readonly #elements = new Map<Element, number>();
  readonly #approached = new Map<Element, (near: boolean) => void>();
  #since = new Map<number, number>();
  #observer: IntersectionObserver | null = null;
  #approach: IntersectionObserver | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(changed: (inSight: ReadonlySet<number>) => void, read: (numbers: readonly number[]) => void) {
    this.#changed = changed;
    this.#read = read;
  }

  /** Begins to look through this pane. Gives its own undo. */
  open(pane: Element): () => void {
    const observer = new IntersectionObserver((entries) => this.#take(entries), { root: pane, threshold: [0, 0.5] });
    this.#observer = observer;
    for (const element of this.#elements.keys()) observer.observe(element);
    const approach = new IntersectionObserver((entries) => this.#tellNear(entries), { root: pane, rootMargin: `${NEAR_PX}px 0px` });
    this.#approach = approach;
    for (const element of this.#approached.keys()) approach.observe(element);
    const onVisible = () => this.#schedule();
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      observer.disconnect();
      approach.disconnect();
      document.removeEventListener('visibilitychange', onVisible);
      if (this.#timer !== null) clearTimeout(this.#timer);
      this.#observer = null;
      this.#approach = null;
      this.#since = new Map();
      this.#changed(new Set());
    };
  }

  /** Watches the element of a comment. Gives its own undo. */
  watch(element: Element, number: number): () => void {
    this.#elements.set(element, number);
    this.#observer?.observe(element);
    return () => {
      this.#elements.delete(element);
      this.#observer?.unobserve(element);
      if (this.#since.delete(number)) this.#changed(new Set(this.#since.keys()));
    };
  }

  /** Whether what is drawn now counts as near until it is known: it does before the pane is there. */
  get near(): boolean {
    return this.#approach === null;
  }

  /** Tells whenever an element comes near what can be seen, or no longer is. Gives its own undo. */
  approach(element: Element, tell: (near: boolean) => void): () => void {
    this.#approached.set(element, tell);
    this.#approach?.observe(element);
    return () => {
      this.#approached.delete(element);
      this.#approach?.unobserve(element);
    };
  }

  #tellNear(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting, rootBounds } of entries) {
      // A pane that is not shown says nothing about what is near.
      if ((rootBounds?.height ?? 0) > 2 * NEAR_PX) this.#approached.get(target)?.(isIntersecting);
    }
  }

  #take(entries: readonly IntersectionObserverEntry[]): void {
    const now = performance.now();
    for (const { target, isIntersecting, intersectionRatio, intersectionRect, rootBounds } of entries) {
      const number = this.#elements.get(target);
      if (number === undefined) continue;
      // A comment taller than the pane never shows half of itself.
      const fills = intersectionRect.height > (rootBounds?.height ?? Infinity) / 2;
      if (isIntersecting && (intersectionRatio >= 0.5 || fills)) {
        if (!this.#since.has(number)) this.#since.set(number, now);
      } else this.#since.delete(number);
    }
    this.#changed(new Set(this.#since.keys()));
    this.#schedule();
  }

  #schedule(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#since.size === 0 || document.visibilityState !== 'visible') return;
    this.#timer = setTimeout(() => this.#count(), READ_MS);
  }

  #count(): void {
    const latest = performance.now() - READ_MS + 50;
    this.#read([...this.#since].filter(([, since]) => since <= latest).map(([number]) => number));
  }
}
