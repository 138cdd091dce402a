import { describe, expect, it } from 'vitest';
import { DraftConnections } from './draftConnections.svelte.ts';
import type { Line } from './draftConnections.svelte.ts';

class FakeLine implements Line {
  readonly draftId: string;
  pending = 0;
  endedBy: number | null = null;
  started = 0;
  destroyed = 0;
  readonly save = { state: 'readonly' } as const;
  constructor(draftId: string) {
    this.draftId = draftId;
  }
  start(): Promise<void> {
    this.started += 1;
    return Promise.resolve();
  }
  destroy(): void {
    this.destroyed += 1;
  }
}

const made: FakeLine[] = [];
function lines(): DraftConnections<FakeLine> {
  made.length = 0;
  return new DraftConnections(({ draftId }) => {
    const line = new FakeLine(draftId);
    made.push(line);
    return line;
  });
}
const at = (draftId: string) => ({ roomId: 'room', draftId, participantId: 'ana' });

describe('[ED21] connections of several drafts', () => {
  it('one that is left with everything saved is ended', () => {
    const connections = lines();
    connections.show(at('a'));
    connections.show(at('b'));
    expect(made.map(({ draftId, started, destroyed }) => [draftId, started, destroyed])).toEqual([
      ['a', 1, 1],
      ['b', 1, 0],
    ]);
  });

  it('one that is left with something unsaved goes on until it is saved, and is taken up again', () => {
    const connections = lines();
    connections.show(at('a'));
    const [first] = made as [FakeLine];
    first.pending = 2;
    connections.show(at('b'));
    expect(connections.isUnsaved('a')).toBe(true);
    expect(first.destroyed).toBe(0);
    connections.show(at('a'));
    expect(connections.shown).toBe(first);
    expect(first.started).toBe(1);
    connections.show(at('b'));
    first.pending = 0;
    connections.tidy();
    expect(first.destroyed).toBe(1);
    expect(connections.isUnsaved('a')).toBe(false);
  });

  it('one that can save nothing any more is ended, and all are in the end', () => {
    const connections = lines();
    connections.show(at('a'));
    const [first] = made as [FakeLine];
    first.pending = 1;
    connections.show(at('b'));
    first.endedBy = 4403;
    connections.tidy();
    expect(first.destroyed).toBe(1);
    connections.destroy();
    expect(made.map(({ destroyed }) => destroyed)).toEqual([1, 1, 1].slice(0, made.length));
    expect(connections.shown).toBeNull();
  });
});
