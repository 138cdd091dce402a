import type { DamagedThing } from '#shared/domain/rejections.ts';

/**
 * One stored thing is not what was written: a byte of it changed, a part is missing, or it cannot be read. The store itself works, and
 * so does everything else in it; sending again changes nothing. `id` names the thing within its kind.
 */
export class Damaged extends Error {
  override readonly name: string = 'Damaged';
  readonly what: DamagedThing;
  readonly id: string;

  constructor(what: DamagedThing, id: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.what = what;
    this.id = id;
  }
}
