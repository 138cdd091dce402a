import * as eraseDialog from './roomEraseDialog.ts';
import * as gettingIn from './roomGettingIn.ts';
import * as history from './roomHistory.ts';
import * as outcome from './roomOutcome.ts';
import * as size from './roomSize.ts';

/** What is said in a room's menu, its dialogs and the pages beside it, and nowhere in the room itself. `en` gives the shape, `zh` must have the same. */
export const en = { gettingIn: gettingIn.en, outcome: outcome.en, history: history.en, eraseDialog: eraseDialog.en, size: size.en };

export const zh: typeof en = {
  gettingIn: gettingIn.zh,
  outcome: outcome.zh,
  history: history.zh,
  eraseDialog: eraseDialog.zh,
  size: size.zh,
};
