/* Editors in a process of their own. Told what to do over IPC. */
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import type { EditorPlace } from './editor.ts';
import { Editor } from './editor.ts';

export type EditorsOrder =
  | { readonly is: 'join'; readonly places: readonly EditorPlace[]; readonly edits: number }
  /** Each so many edits, so often; what came in the first `warmUp` of them is not told. */
  | { readonly is: 'type'; readonly perSecond: number; readonly warmUp: number };

export interface EditorsReport {
  readonly waited: readonly number[];
  readonly sent: number;
  readonly acknowledged: number;
  readonly tookMs: number;
}

let editors: Editor[] = [];
let each = 0;

process.on('message', (order: EditorsOrder) => {
  (order.is === 'join' ? join(order.places, order.edits) : type(order.perSecond, order.warmUp)).then(
    (report) => process.send?.(report),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit(0));

async function join(places: readonly EditorPlace[], edits: number): Promise<object> {
  for (const editor of editors) editor.close();
  each = edits;
  editors = [];
  for (const place of places) editors.push(await Editor.join(place, edits));
  return {};
}

async function type(perSecond: number, warmUp: number): Promise<EditorsReport> {
  const everyMs = 1_000 / perSecond;
  const begun = performance.now();
  // Each in a phase of his own, by the clock: who is late with one edit is not late with the next.
  await Promise.all(
    editors.map(async (editor, index) => {
      const phase = (everyMs * index) / editors.length;
      for (let n = 0; n < each; n += 1) {
        const due = begun + phase + n * everyMs - performance.now();
        if (due > 1) await pause(due);
        editor.type();
      }
    }),
  );
  const tookMs = performance.now() - begun;
  const deadline = performance.now() + 60_000;
  while (editors.some((editor) => editor.acknowledged < editor.sent && editor.closed === null) && performance.now() < deadline)
    await pause(10);
  return {
    waited: editors.flatMap((editor) => editor.waited.slice(warmUp)),
    sent: editors.reduce((sum, { sent }) => sum + sent, 0),
    acknowledged: editors.reduce((sum, { acknowledged }) => sum + acknowledged, 0),
    tookMs,
  };
}
