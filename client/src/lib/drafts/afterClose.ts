import { closeCodes } from '#shared/protocol/close.ts';

/**
 * What follows when a draft's socket closes. `retry`: the same copy tries again. `renew`: the words that were not acknowledged are
 * set aside, the copy is dropped and a fresh one joins. `end`: nothing more is tried; `endSettingAside`: as `end`, and the words
 * are set aside, since nobody will come back to send them.
 */
export type AfterClose = 'retry' | 'renew' | 'end' | 'endSettingAside';

const byCode: ReadonlyMap<number, AfterClose> = new Map([
  [closeCodes.badFrame, 'renew'],
  [closeCodes.signIn, 'end'],
  [closeCodes.notAllowed, 'renew'],
  [closeCodes.notFound, 'endSettingAside'],
  [closeCodes.editorVersion, 'end'],
  [closeCodes.lineage, 'renew'],
  [closeCodes.diverged, 'renew'],
  [closeCodes.content, 'renew'],
  [closeCodes.tooLarge, 'renew'],
  [closeCodes.tooCostly, 'renew'],
  // Sent again it would be as large.
  [closeCodes.frameTooBig, 'renew'],
  // Once the draft is brought back from a backup, what is kept here is sent and may be all there is of it.
  [closeCodes.damaged, 'end'],
  [closeCodes.presence, 'retry'],
  [closeCodes.ended, 'endSettingAside'],
] as const);

/** `code` is null where this side closed because nothing was heard for too long. Unknown codes of 4400-4499 are final. */
export function afterClose(code: number | null): AfterClose {
  if (code === null) return 'retry';
  return byCode.get(code) ?? (code >= 4400 && code < 4500 ? 'end' : 'retry');
}
