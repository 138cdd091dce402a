import type { Erased } from '#shared/domain/erasing/events.ts';
import type { Messages } from '../i18n/catalogue.ts';
import { reasonWords } from '../room/steeringWords.ts';

export interface Saying {
  readonly m: Messages;
  nameOf(id: string): string;
  moment(at: number): string;
}

/** Who erased, as a person reads it: administrators and people who erased themselves have no name in the room. */
function whoErased({ as, by }: Erased, { m, nameOf }: Saying): string {
  const { administrator, former } = m.room.erasing.by;
  return as === 'administrator' ? administrator : by === 'system' ? former : nameOf(by);
}

/** What stands in the place of erased words. */
export function goneWords(erased: Erased, saying: Saying): string {
  const { erasing } = saying.m.room;
  const who = whoErased(erased, saying);
  const when = saying.moment(erased.at);
  return erased.reason === null ? erasing.gone(who, when) : erasing.goneWhy(who, when, reasonWords(erased.reason, saying.m.room));
}

/** What stands in the place of an erased file. */
export function fileGoneWords(erased: Erased, saying: Saying): string {
  return saying.m.room.erasing.fileGone(whoErased(erased, saying), saying.moment(erased.at));
}
