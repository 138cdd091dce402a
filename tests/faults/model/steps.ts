import * as fc from 'fast-check';

/**
 * One thing that happens, as plain data: a counterexample can be printed, shortened and pinned. Numbers choose among what is
 * there at the moment, so every list of steps can be carried out.
 */
export type Step =
  | { readonly do: 'join'; readonly who: number; readonly house: number }
  | { readonly do: 'drop'; readonly who: number }
  | { readonly do: 'insert' | 'erase'; readonly who: number; readonly at: number; readonly wait: boolean }
  /** `lost`: the answer never arrives, and the same command is sent again later, perhaps to the other house. */
  | { readonly do: 'comment'; readonly who: number; readonly house: number; readonly lost: boolean; readonly wait: boolean }
  | { readonly do: 'role'; readonly who: number; readonly to: 'member' | 'observer' | 'recorder'; readonly house: number }
  | { readonly do: 'lock'; readonly on: boolean; readonly house: number }
  | { readonly do: 'resend'; readonly house: number }
  | { readonly do: 'restart' | 'crash' | 'heal'; readonly house: number }
  | { readonly do: 'partition'; readonly house: number; readonly line: 'cut' | 'deaf' }
  | { readonly do: 'clock'; readonly byMs: number }
  | { readonly do: 'doorbell' }
  | { readonly do: 'settle' };

const who = fc.integer({ min: 0, max: 3 });
const house = fc.constantFrom(0, 0, 0, 1);
const at = fc.nat({ max: 1_000 });
const wait = fc.constantFrom(false, false, true);
const does = <const T extends Step['do']>(kind: T): fc.Arbitrary<T> => fc.constant(kind);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: does('join'), who, house }) },
  { weight: 2, arbitrary: fc.record({ do: does('drop'), who }) },
  { weight: 16, arbitrary: fc.record({ do: does('insert'), who, at, wait }) },
  { weight: 5, arbitrary: fc.record({ do: does('erase'), who, at, wait }) },
  { weight: 8, arbitrary: fc.record({ do: does('comment'), who, house, lost: fc.boolean(), wait }) },
  { weight: 3, arbitrary: fc.record({ do: does('role'), who, to: fc.constantFrom('member', 'observer', 'recorder'), house }) },
  { weight: 1, arbitrary: fc.record({ do: does('lock'), on: fc.boolean(), house }) },
  { weight: 3, arbitrary: fc.record({ do: does('resend'), house }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('restart', 'crash'), house }) },
  { weight: 2, arbitrary: fc.record({ do: does('partition'), house, line: fc.constantFrom('cut', 'deaf') }) },
  { weight: 3, arbitrary: fc.record({ do: does('heal'), house }) },
  { weight: 2, arbitrary: fc.record({ do: does('clock'), byMs: fc.constantFrom(-86_400_000, -60_000, -1, 1, 60_000, 86_400_000) }) },
  { weight: 2, arbitrary: fc.record({ do: does('doorbell') }) },
  { weight: 3, arbitrary: fc.record({ do: does('settle') }) },
) as fc.Arbitrary<Step>;

/** Lists of steps, `usual` of them on the average. */
export function stepLists(usual: number): fc.Arbitrary<readonly Step[]> {
  return fc.array(step, { minLength: 1, maxLength: Math.round(2.3 * usual), size: 'max' });
}
