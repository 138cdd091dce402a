/** The words of the draft and its editor. `en` gives the shape, `zh` must have the same. */
export const en = {};

export const zh: typeof en = {};
