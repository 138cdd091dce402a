import type { EditorView } from '@tiptap/pm/view';
import type { cleanPastedHtml } from './pasteCleaning.ts';

let cleaning: typeof cleanPastedHtml | undefined;

/** Brings what cleans pasted text. Fails where there is no network. */
export async function bringCleaning(): Promise<void> {
  cleaning ??= (await import('./pasteCleaning.ts')).cleanPastedHtml;
}

/** Pasted HTML without what other programs left in it; as it is where the cleaning has not come, since the schema takes no more anyway. */
export function cleaned(html: string): string {
  return cleaning?.(html) ?? html;
}

/** Whether a paste came before its cleaning did: it is made then as soon as that has come, and as plain text where it does not. */
export function pastesLater(view: EditorView, event: ClipboardEvent): boolean {
  const html = event.clipboardData?.getData('text/html') ?? '';
  if (cleaning !== undefined || html === '' || !view.editable || view.composing) return false;
  const plain = event.clipboardData?.getData('text/plain') ?? '';
  event.preventDefault();
  bringCleaning().then(
    () => !view.isDestroyed && view.pasteHTML(html, event),
    () => !view.isDestroyed && view.pasteText(plain, event),
  );
  return true;
}
