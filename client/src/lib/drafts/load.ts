/**
 * The editor and everything it needs (Yjs, ProseMirror), which only a room loads, and only when it shows a draft.
 * @returns the component and the class whose instance it is given
 */
export async function loadDraft() {
  const [editor, connection] = await Promise.all([import('./DraftEditor.svelte'), import('./draftConnection.svelte.ts')]);
  return { DraftEditor: editor.default, DraftConnection: connection.DraftConnection };
}
