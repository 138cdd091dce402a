import type CommentActions from './CommentActions.svelte';
import type CommentMenu from './CommentMenu.svelte';

interface Tools {
  readonly Menu: typeof CommentMenu;
  readonly Actions: typeof CommentActions;
}

let came = $state.raw<Tools | null>(null);

/** What is done with a comment, for all comments at once; null until it has come. */
export const commentTools = (): Tools | null => came;

/** Brings it: whoever reads needs it only once the page is idle. Fails where there is no network. */
export async function bringCommentTools(): Promise<void> {
  if (came !== null) return;
  const [menu, actions] = await Promise.all([import('./CommentMenu.svelte'), import('./CommentActions.svelte')]);
  came = { Menu: menu.default, Actions: actions.default };
}
