/**
 * Whether a key belongs to an input method that composes a word, so that the page must not act on it. Safari tells the Enter or Escape
 * that ends a composition only after the composition, with `isComposing` false again and the key code 229 of a key that was taken.
 */
export function isInputMethodKey(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}
