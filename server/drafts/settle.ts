import type { RejectionCode } from '#shared/domain/rejections.ts';
import { closeCodes } from '#shared/protocol/close.ts';
import type { Audience } from './audience.ts';
import type { Verdict } from './batch.ts';
import type { Connection } from './connection.ts';
import type { DraftText } from './draftText.ts';
import { stepOneFrame } from './frames.ts';
import type { Storable, Work } from './work.ts';

/** A turn is durable: tells the others what was added, then each sender what became of its frames. */
export function settleTurn(turn: readonly Storable[], verdicts: ReadonlyMap<Work, Verdict>, text: DraftText, audience: Audience): void {
  audience.tell(
    turn.flatMap((work) => (work.is === 'write' && verdicts.get(work)?.is === 'stored' ? [work] : [])),
    text,
  );
  const senders = new Set<Connection>();
  const askAgain = new Set<Connection>();
  const refused = new Map<Connection, { readonly close: number; readonly why: RejectionCode }>();
  for (const work of turn) {
    if (work.is !== 'write') continue;
    const { source, number, step } = work;
    senders.add(source);
    const verdict = verdicts.get(work) ?? { is: 'ignored' };
    switch (verdict.is) {
      case 'stored':
      case 'nothing':
        source.settle(number, step);
        break;
      case 'gap': {
        const next = source.gap(step);
        if (next === 'ask') askAgain.add(source);
        else if (next === 'lost') refused.set(source, { close: closeCodes.lineage, why: 'reloadNeeded' });
        break;
      }
      case 'refused':
        refused.set(source, verdict);
        break;
      case 'ignored':
        break;
      case 'later':
      case 'uncounted':
        throw new Error('A frame that waits is in no turn.');
      default:
        verdict satisfies never;
    }
  }
  for (const connection of senders) connection.sendSaved(text.head.ordinal);
  for (const [connection, { close, why }] of refused) connection.refuse(close, why, audience.lineage);
  for (const connection of askAgain) connection.send(stepOneFrame(text.stateVector()));
  for (const work of turn) {
    if (work.is === 'barrier') work.resolve();
    else work.source.release(work.bytes);
  }
}
