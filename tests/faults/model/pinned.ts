import type { Step } from './steps.ts';

/** Counterexamples that were found once, shortened as far as they would go: each is carried out first, for ever. */
export const pinned: readonly { readonly what: string; readonly steps: readonly Step[] }[] = [
  {
    what: 'a draft that lost a race waited for the room, and the room for a barrier in that draft',
    steps: [
      { do: 'join', who: 2, house: 0 },
      { do: 'role', who: 0, to: 'observer', house: 1 },
      { do: 'erase', who: 2, at: 760, wait: false },
      { do: 'join', who: 1, house: 0 },
    ],
  },
  {
    what: 'a draft read anew after its store had been away was behind the barrier of the other process, the rights were not',
    steps: [
      { do: 'partition', house: 0, line: 'cut' },
      { do: 'insert', who: 0, at: 0, wait: false },
      { do: 'role', who: 0, to: 'observer', house: 1 },
      { do: 'heal', house: 0 },
      { do: 'join', who: 0, house: 0 },
    ],
  },
  {
    what: 'a comment that was sent twice side by side, refused at first, went through since the right came between; the model called it wrong',
    steps: [
      { do: 'role', who: 3, to: 'observer', house: 0 },
      { do: 'partition', house: 0, line: 'cut' },
      { do: 'role', who: 3, to: 'member', house: 0 },
      { do: 'heal', house: 0 },
      { do: 'comment', who: 3, house: 0, lost: false, wait: false },
      { do: 'resend', house: 0 },
      { do: 'lock', on: false, house: 0 },
    ],
  },
  {
    what: 'a comment sent again elsewhere was refused for a right that the process there had not read yet, though it was stored',
    steps: [
      { do: 'role', who: 1, to: 'observer', house: 0 },
      { do: 'role', who: 1, to: 'recorder', house: 1 },
      { do: 'comment', who: 1, house: 1, lost: true, wait: false },
      { do: 'resend', house: 0 },
      { do: 'settle' },
    ],
  },
  {
    what: 'the first sending of a comment, whose answer was lost, went through after a second one was refused; the model called it wrong',
    steps: [
      { do: 'role', who: 3, to: 'observer', house: 0 },
      { do: 'role', who: 1, to: 'observer', house: 0 },
      { do: 'doorbell' },
      { do: 'comment', who: 0, house: 0, lost: false, wait: false },
      { do: 'comment', who: 3, house: 0, lost: true, wait: false },
      { do: 'resend', house: 1 },
      { do: 'role', who: 3, to: 'member', house: 0 },
      { do: 'insert', who: 0, at: 197, wait: true },
    ],
  },
];
