import { Editor } from '@tiptap/core';
import { EditorState, TextSelection } from '@tiptap/pm/state';
import { describe, expect, it } from 'vitest';
import { draftExtensions } from './extensions.ts';

const editor = new Editor({ element: null, extensions: draftExtensions(), content: { type: 'doc', content: [{ type: 'paragraph' }] } });

/** A draft of one line with the caret at its end. */
function line(words: string): EditorState {
  const doc = editor.schema.nodeFromJSON({
    type: 'doc',
    content: [{ type: 'paragraph', content: words === '' ? [] : [{ type: 'text', text: words }] }],
  });
  const state = EditorState.create({ doc, plugins: editor.extensionManager.plugins });
  return state.apply(state.tr.setSelection(TextSelection.atEnd(state.doc)));
}

/** What is linked in a draft, with where it leads. */
function links(state: EditorState): readonly (readonly [string, string])[] {
  const found: [string, string][] = [];
  state.doc.descendants((node) => {
    for (const mark of node.marks) if (mark.type.name === 'link') found.push([node.text ?? '', String(mark.attrs['href'])]);
  });
  return found;
}

describe('[ED13] an address becomes a link when its word ends', () => {
  it.each([
    ['a space', 'see https://example.org/a', ' ', 'https://example.org/a'],
    ['a wide space', '见 https://example.org/a', '　', 'https://example.org/a'],
    ['a space behind a full stop', 'see https://example.org/a.', ' ', 'https://example.org/a'],
    ['a space behind Chinese words', '参见https://example.org/章程，附件', ' ', 'https://example.org/章程'],
    ['mail', 'mailto:a@example.org', ' ', 'mailto:a@example.org'],
  ])('by %s', (_title, words, typed, href) => {
    const state = line(words);
    expect(links(state.apply(state.tr.insertText(typed)))).toEqual([[href, href]]);
  });

  it('by a new line', () => {
    const state = line('https://example.org/');
    expect(links(state.apply(state.tr.split(state.selection.from)))).toEqual([['https://example.org/', 'https://example.org/']]);
  });

  it.each(['example.org', 'javascript:alert(1)', 'https://user@example.org/', 'https://', 'ftp://example.org/'])('but not %s', (words) => {
    const state = line(words);
    expect(links(state.apply(state.tr.insertText(' ')))).toEqual([]);
  });

  it('but not while it is being typed, and not where somebody else typed it', () => {
    const state = line('https://example.org/');
    expect(links(state.apply(state.tr.insertText('a')))).toEqual([]);
    expect(links(state.apply(state.tr.insertText(' ').setMeta('y-sync$', { isChangeOrigin: true })))).toEqual([]);
  });

  it('and what is typed behind a link is not linked', () => {
    const state = line('https://example.org/');
    const linked = state.apply(state.tr.insertText(' '));
    const end = 1 + 'https://example.org/'.length;
    expect(links(linked.apply(linked.tr.insertText('b', end)))).toEqual([['https://example.org/', 'https://example.org/']]);
  });
});
