type Look = (dataDir: string) => Promise<void>;

let look: Look = () => Promise.resolve();

/** From now on `next` looks at every installation that a test has started and is about to remove. */
export function lookAtWhatIsLeft(next: Look): void {
  look = next;
}

/** Nobody writes to the installation in this folder any more, and it is removed once this resolves. */
export function aboutToRemove(dataDir: string): Promise<void> {
  return look(dataDir);
}
