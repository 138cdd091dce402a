import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, test, vi } from 'vitest';
import { upcast } from '#shared/domain/commit.ts';
import type { RoomCommand } from '#shared/domain/facts.ts';
import { startInProcess } from '../integration/inProcess.ts';
import type { InProcess } from '../integration/inProcess.ts';

vi.setConfig({ testTimeout: 240_000 });

const script = fileURLToPath(new URL('./dyingHouse.ts', import.meta.url));
const nightly = process.env.NIGHTLY === '1';
/** Killed behind a step, or before the next one, is nearly the same; at night both are tried, with every act. */
const whens = nightly ? (['before', 'after'] as const) : (['before'] as const);
/** More steps than any of these acts takes. */
const steps = 12;

interface Left {
  readonly folder: string;
  readonly key: Buffer;
  readonly draftId: string;
  readonly survived: boolean;
}

/** What a server left that was killed at one step behind an act. */
async function killedAt(
  command: RoomCommand | { readonly type: 'lockDraft'; readonly draftId: string },
  step: number,
  when: 'before' | 'after',
): Promise<Left> {
  const child = spawn(process.execPath, [script, JSON.stringify(command), String(step), when], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) lines.push(line);
  const [code, signal] = (await ended) as [number | null, string | null];
  expect([code, signal]).toEqual([null, 'SIGKILL']);
  const { folder, key, draftId } = JSON.parse(lines[0] ?? '') as { folder: string; key: string; draftId: string };
  return { folder, key: Buffer.from(key, 'hex'), draftId, survived: lines.includes('survived') };
}

/** The causes of all sealed versions in the log of the room, and whether the act is in it. */
async function sealed(house: InProcess): Promise<{ readonly acted: boolean; readonly causes: readonly (string | undefined)[] }> {
  const commits = await house.store.journal.readCommits({ kind: 'room', id: 'r' }, 0, 1_000);
  const events = commits.flatMap((commit) => commit.events.map(upcast));
  return {
    acted: commits.some(({ commandId }) => commandId === 'the-act'),
    causes: events.flatMap((event) => (event.type === 'draft.revisionSealed' ? [event.cause] : [])),
  };
}

const acts = [
  [{ type: 'closeRoom' }, 'closed'],
  [{ type: 'lockDraft', draftId: 'DRAFT' }, 'locked'],
  [{ type: 'pauseRoom' }, 'paused'],
] as const;

describe('[DR41] [DR10] killed with -9 anywhere between an act and the version it seals', () => {
  test.for(nightly ? acts : acts.slice(0, 1))(
    '%o: the next start seals it, once, also where nobody opens the room',
    async ([command, cause]) => {
      const seen = new Set<string>();
      for (let step = 1; step <= steps; step += 1) {
        let survived = false;
        for (const when of whens) {
          const left = await killedAt(command, step, when);
          survived ||= left.survived;
          try {
            for (let start = 1; start <= 2; start += 1) {
              const house = await startInProcess({ after: { ...left } as never });
              // Every second time the room is read before the start has come to it.
              if (step % 2 === 0) expect((await fetch(`${house.base}/api/rooms/r`)).status).toBe(200);
              await house.app.started;
              const { acted, causes } = await sealed(house);
              expect({ step, when, start, causes }).toEqual({ step, when, start, causes: acted ? [cause] : [] });
              seen.add(`${acted}`);
              // What is done is not looked for again.
              const head = await house.store.journal.head({ kind: 'room', id: 'r' });
              expect((await house.store.records.get('followed', 'r'))?.seq).toBe(head.seq);
              await house.app.close();
            }
          } finally {
            rmSync(left.folder, { recursive: true, force: true });
          }
        }
        if (survived) break;
        expect(step, 'more steps than were tried').toBeLessThan(steps);
      }
      expect([...seen].sort()).toEqual(['false', 'true']);
    },
  );
});
