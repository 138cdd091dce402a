import { Fragment } from '@tiptap/pm/model';
import type { Slice } from '@tiptap/pm/model';
import { prosemirrorToYXmlFragment } from '@tiptap/y-tiptap';
import * as Y from 'yjs';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { defaultLimits } from '#shared/domain/limits.ts';

/** What goes around an update in its frame. */
const AROUND = 1_024;
/** Below this many characters nothing comes near the limit, and nothing need be measured. */
const NEVER_TOO_LARGE = 20_000;

/**
 * Whether what is put into the draft at once would leave as a frame that the server does not take: such a frame ends the copy it
 * came from, so it must not be made. `most` is in bytes.
 */
export function isTooLarge(slice: Slice, most: number = defaultLimits.frameBytes): boolean {
  if (slice.size < NEVER_TOO_LARGE) return false;
  const { schema } = slice.content.firstChild?.type ?? {};
  const paragraph = schema?.nodes.paragraph;
  if (schema === undefined || paragraph === undefined) return false;
  const isInline = slice.content.firstChild?.isInline === true;
  const doc = new Y.Doc();
  const content = isInline ? Fragment.from(paragraph.create(null, slice.content)) : slice.content;
  prosemirrorToYXmlFragment(schema.topNodeType.create(null, content), doc.getXmlFragment(DRAFT_FIELD));
  return Y.encodeStateAsUpdate(doc).byteLength > most - AROUND;
}
