import { describe, expect, test } from 'vitest';
import type { Commit } from '#shared/domain/commit.ts';
import { createGroupCommit } from './groupCommit.ts';
import type { DraftEntry, JournalOutcome, JournalWrite } from './ports.ts';
import { StoreUnavailable } from './ports.ts';

function commit(room: string, seq: number): JournalWrite {
  const value: Commit = {
    stream: { kind: 'room', id: room },
    seq,
    at: seq,
    actorId: 'ana',
    commandId: `${room} ${String(seq)}`,
    commandMac: '',
    events: [],
    prevHash: '',
    hash: '',
  };
  return { kind: 'commit', commit: value };
}

function draft(draftId: string, first: number, last = first, size = 1): JournalWrite {
  const entries = Array.from({ length: last - first + 1 }, (_, index): DraftEntry => {
    return { draftId, ordinal: first + index, kind: 'update', actorId: 'ana', at: 0, bytes: new Uint8Array(size), digest: '' };
  });
  return { kind: 'draft', draftId, entries };
}

/** A write in short: 'room 3' or 'draft:4-6'. */
function brief(write: JournalWrite): string {
  if (write.kind === 'commit') return write.commit.commandId;
  return `${write.draftId}:${String(write.entries[0]?.ordinal)}-${String(write.entries.at(-1)?.ordinal)}`;
}

interface Turn {
  readonly writes: readonly string[];
  readonly at: number;
  /** Answers every write with appended, but for those named. */
  answer(others?: { readonly [write: string]: JournalOutcome }): void;
  fail(error: Error): void;
}

/** A journal whose appends end when the test says so. `turn(n)` waits for the nth append to begin. */
function heldJournal() {
  const turns: Turn[] = [];
  let told = (): void => undefined;
  let underWay = 0;
  return {
    turns,
    append(writes: readonly JournalWrite[]): Promise<readonly JournalOutcome[]> {
      expect(++underWay).toBe(1);
      return new Promise((resolve, reject) => {
        const names = writes.map(brief);
        const end = (settle: () => void) => {
          underWay--;
          settle();
        };
        turns.push({
          writes: names,
          at: performance.now(),
          answer: (others = {}) => {
            end(() => {
              resolve(names.map((name) => others[name] ?? { outcome: 'appended' }));
            });
          },
          fail: (error) => {
            end(() => {
              reject(error);
            });
          },
        });
        told();
      });
    },
    async turn(number: number): Promise<Turn> {
      for (;;) {
        const turn = turns[number - 1];
        if (turn !== undefined) return turn;
        await new Promise<void>((resolve) => (told = resolve));
      }
    },
  };
}

describe('group commit', () => {
  test('[ST16] writes of one event-loop turn go out together, before the next turn', async () => {
    const journal = heldJournal();
    const group = createGroupCommit(journal, { turnMs: 5 });
    const answers = Promise.all([group.write(commit('a', 1)), group.write(commit('b', 1)), group.write(commit('a', 2))]);
    expect(journal.turns).toHaveLength(0);
    const later = new Promise<void>((resolve) => setImmediate(resolve));
    await later;
    expect(journal.turns.map(({ writes }) => writes)).toEqual([['a 1', 'b 1', 'a 2']]);
    journal.turns[0]?.answer({ 'b 1': { outcome: 'conflict' } });
    expect(await answers).toEqual([{ outcome: 'appended' }, { outcome: 'conflict' }, { outcome: 'appended' }]);
  });

  test('[ST16] while one append is under way the next one gathers, and order is kept', async () => {
    const journal = heldJournal();
    const group = createGroupCommit(journal, { turnMs: 0 });
    const first = group.write(commit('a', 1));
    const one = await journal.turn(1);
    const rest = [group.write(commit('a', 2)), group.write(commit('b', 1))];
    await new Promise((resolve) => setImmediate(resolve));
    rest.push(group.write(commit('a', 3)));
    expect(journal.turns).toHaveLength(1);
    one.answer();
    await first;
    const two = await journal.turn(2);
    expect(two.writes).toEqual(['a 2', 'b 1', 'a 3']);
    two.answer();
    await Promise.all(rest);
  });

  test('[ST16] one append begins no sooner than a turn after the one before', async () => {
    const journal = heldJournal();
    const group = createGroupCommit(journal, { turnMs: 40 });
    void group.write(commit('a', 1));
    const one = await journal.turn(1);
    one.answer();
    void group.write(commit('a', 2));
    const two = await journal.turn(2);
    // A timer may fire up to a millisecond early.
    expect(two.at - one.at).toBeGreaterThanOrEqual(39);
    two.answer();
    await group.idle();
  });

  test('[ST16] consecutive writes of a draft become one and share its outcome', async () => {
    const journal = heldJournal();
    const group = createGroupCommit(journal, { turnMs: 0 });
    const answers = Promise.all([
      group.write(draft('d', 1, 2)),
      group.write(commit('a', 1)),
      group.write(draft('d', 3)),
      group.write(draft('e', 7)),
    ]);
    const one = await journal.turn(1);
    expect(one.writes).toEqual(['d:1-3', 'a 1', 'e:7-7']);
    one.answer({ 'd:1-3': { outcome: 'conflict' } });
    expect((await answers).map(({ outcome }) => outcome)).toEqual(['conflict', 'appended', 'conflict', 'appended']);
  });

  test('[ST16] joining leaves the array it was given as it was', async () => {
    const journal = heldJournal();
    const group = createGroupCommit(journal, { turnMs: 0 });
    const given = draft('d', 1);
    void group.write(given);
    void group.write(draft('d', 2));
    (await journal.turn(1)).answer();
    expect(brief(given)).toBe('d:1-1');
    await group.idle();
  });

  test('[ST16] writes of a draft that do not follow one another go out in different appends', async () => {
    const journal = heldJournal();
    const group = createGroupCommit(journal, { turnMs: 0 });
    const answers = [group.write(draft('d', 1)), group.write(draft('d', 5)), group.write(commit('a', 1)), group.write(draft('d', 6))];
    const one = await journal.turn(1);
    expect(one.writes).toEqual(['d:1-1']);
    one.answer();
    const two = await journal.turn(2);
    expect(two.writes).toEqual(['d:5-6', 'a 1']);
    two.answer();
    await Promise.all(answers);
  });

  test('[ST16] one append is bounded in bytes, but a single write of any size goes out', async () => {
    const journal = heldJournal();
    const group = createGroupCommit(journal, { turnMs: 0 });
    // With what it takes up besides its bytes.
    const megabyte = 1024 * 1024 - 1024;
    const answers = [
      group.write(draft('d', 1, 1, 9 * megabyte)),
      ...[1, 2, 3, 4, 5].map((ordinal) => group.write(draft('e', ordinal, ordinal, megabyte))),
    ];
    const one = await journal.turn(1);
    expect(one.writes).toEqual(['d:1-1']);
    one.answer();
    const two = await journal.turn(2);
    expect(two.writes).toEqual(['e:1-4']);
    two.answer();
    const three = await journal.turn(3);
    expect(three.writes).toEqual(['e:5-5']);
    three.answer();
    await Promise.all(answers);
  });

  test('[ST17] what gathered behind a draft write that conflicts conflicts too and is never sent', async () => {
    const journal = heldJournal();
    const group = createGroupCommit(journal, { turnMs: 0 });
    const first = group.write(draft('d', 1));
    const one = await journal.turn(1);
    const behind = [group.write(draft('d', 2)), group.write(draft('e', 1)), group.write(draft('d', 3))];
    one.answer({ 'd:1-1': { outcome: 'conflict' } });
    expect(await first).toEqual({ outcome: 'conflict' });
    const two = await journal.turn(2);
    expect(two.writes).toEqual(['e:1-1']);
    two.answer();
    expect((await Promise.all(behind)).map(({ outcome }) => outcome)).toEqual(['conflict', 'appended', 'conflict']);
    // Somebody who has read the log anew may go on.
    const again = group.write(draft('d', 2));
    const three = await journal.turn(3);
    expect(three.writes).toEqual(['d:2-2']);
    three.answer();
    expect(await again).toEqual({ outcome: 'appended' });
  });

  test('[ST14] [ST17] a failed append rejects its writes and the draft writes behind them; later ones go on', async () => {
    const journal = heldJournal();
    const group = createGroupCommit(journal, { turnMs: 0 });
    const failed = Promise.allSettled([group.write(commit('a', 1)), group.write(draft('d', 1))]);
    const one = await journal.turn(1);
    const behind = Promise.allSettled([group.write(draft('d', 2)), group.write(commit('b', 1))]);
    one.fail(new StoreUnavailable('the disk is full'));
    expect((await failed).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const two = await journal.turn(2);
    expect(two.writes).toEqual(['b 1']);
    two.answer();
    expect((await behind).map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    await expect(behind).resolves.toMatchObject([{ reason: { name: 'StoreUnavailable' } }, {}]);
  });

  test('[ST14] a journal that throws at once is one that rejects', async () => {
    const group = createGroupCommit(
      {
        append: () => {
          throw new StoreUnavailable('gone');
        },
      },
      { turnMs: 0 },
    );
    await expect(group.write(commit('a', 1))).rejects.toThrow('gone');
    await group.idle();
  });

  test('[ST16] idle waits for all that was given', async () => {
    const journal = heldJournal();
    const group = createGroupCommit(journal, { turnMs: 0 });
    await group.idle();
    const order: string[] = [];
    void group.write(commit('a', 1)).then(() => order.push('written'));
    const idle = group.idle().then(() => order.push('idle'));
    (await journal.turn(1)).answer();
    await idle;
    expect(order).toEqual(['written', 'idle']);
  });
});
