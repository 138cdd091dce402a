import { parentPort } from 'node:worker_threads';
import * as Y from 'yjs';
import { stepsPast } from './cost.ts';
import { createDocument } from './draftText.ts';
import type { JoinAnswer, JoinQuestion } from './joinCost.ts';

/*
 * A thread that joins drafts to count what a join costs: steps, not time, so that the answer is the same on every machine. Yjs has no
 * place to count from, so its `integrate` is wrapped, in this thread alone.
 */

class TooMuch extends Error {}

let steps = 0;
let walkers = 0;
let most = Number.POSITIVE_INFINITY;

const integrate = Y.Item.prototype.integrate;
Y.Item.prototype.integrate = function (this: Y.Item, transaction: Y.Transaction, offset: number): void {
  const taken = stepsOf(this, transaction.doc);
  if (taken > 0) {
    steps += taken;
    walkers += 1 + taken;
    if (steps > most) throw new TooMuch();
  }
  integrate.call(this, transaction, offset);
};

/** The steps that Yjs is about to take for an item whose neighbours it has found. */
function stepsOf(item: Y.Item, doc: Y.Doc): number {
  const { left, right, parent, parentSub, origin, rightOrigin } = item;
  if (!(parent instanceof Y.AbstractType)) return 0;
  if (left === null ? right !== null && right.left === null : left.right === right) return 0;
  let first: Y.Item | null;
  let back = 0;
  if (left !== null) first = left.right;
  else if (parentSub !== null) {
    first = parent._map.get(parentSub) ?? null;
    for (; first !== null && first.left !== null; first = first.left) back += 1;
  } else first = parent._start;
  return back + stepsPast(doc, { client: item.id.client, origin, rightOrigin }, first, right, new Set(), most - steps);
}

/** A join of a state, counted; `doc` is null where it takes more than the bound. */
function join(state: Uint8Array): { readonly steps: number; readonly walkers: number; readonly doc: Y.Doc | null } {
  steps = 0;
  walkers = 0;
  const doc = createDocument();
  try {
    Y.applyUpdate(doc, state);
    return { steps, walkers, doc };
  } catch (error) {
    if (error instanceof TooMuch) return { steps: Number.POSITIVE_INFINITY, walkers, doc: null };
    throw error;
  }
}

parentPort?.on('message', ({ id, state, update, bound }: JoinQuestion) => {
  most = bound;
  const before = join(state);
  let after = before;
  if (before.doc !== null) {
    most = Number.POSITIVE_INFINITY;
    Y.applyUpdate(before.doc, update);
    most = bound;
    after = join(Y.encodeStateAsUpdate(before.doc));
  }
  const answer: JoinAnswer = { id, before: before.steps, after: after.steps, walkers: after.walkers };
  parentPort?.postMessage(answer);
});
