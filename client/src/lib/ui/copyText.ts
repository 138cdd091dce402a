/**
 * Copies a text, also on plain HTTP, where browsers offer no clipboard API. Call it from a click.
 * @returns whether it worked; if not, the text must be shown for copying by hand
 */
export async function copyText(text: string): Promise<boolean> {
  // Missing where the page is no secure context, whatever the types say.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  try {
    if (clipboard) {
      await clipboard.writeText(text);
      return true;
    }
  } catch {
    // Refused by the browser: the old way may still work.
  }
  return copyBySelection(text);
}

function copyBySelection(text: string): boolean {
  const focused = document.activeElement;
  // Inside an open dialog, since its focus trap would take the selection away from anything outside.
  const place = (focused instanceof HTMLElement && focused.closest('dialog')) || document.body;
  const area = document.createElement('textarea');
  area.value = text;
  area.readOnly = true;
  area.style.cssText = 'position:fixed;inset:0 auto auto 0;width:1px;height:1px;opacity:0';
  place.append(area);
  area.select();
  try {
    return document.execCommand('copy');
  } catch {
    return false;
  } finally {
    area.remove();
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  }
}
