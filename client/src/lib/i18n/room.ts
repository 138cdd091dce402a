/** The words of the room: discussion, people, steering. `en` gives the shape, `zh` must have the same. */
export const en = {};

export const zh: typeof en = {};
