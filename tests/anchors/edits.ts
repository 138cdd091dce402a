import type { Node } from '@tiptap/pm/model';
import { canJoin, canSplit, findWrapping, liftTarget } from '@tiptap/pm/transform';
import type { Transform } from '@tiptap/pm/transform';
import type { Chance } from './random.ts';
import { schema } from './writer.ts';
import type { Writer } from './writer.ts';

/** What a storm knows while it edits: chance, words to type, and where the anchored passages are in the writer's document. */
export interface Weather {
  readonly chance: Chance;
  readonly vocabulary: readonly string[];
  readonly lines: readonly string[];
  readonly passages: readonly { from: number; to: number }[];
  readonly size: number;
}

type Edit = (transform: Transform, weather: Weather) => void;

/** What has been cut and waits to be pasted, by writer. */
const clipboards = new WeakMap<Writer, unknown[]>();

/** One random edit, of a kind people make; gives its name, or null where it was not possible. */
export function editOnce(writer: Writer, weather: Weather): string | null {
  const { chance } = weather;
  if (writer.node.content.size < weather.size / 2) return writer.edit((transform) => growBack(transform, weather)) ? 'grow' : null;
  const clipboard = clipboards.get(writer);
  if (clipboard !== undefined && chance.next() < 0.6) {
    clipboards.delete(writer);
    return writer.edit((transform) =>
      transform.insert(
        topLevelBorder(transform.doc, chance),
        clipboard.map((json) => schema.nodeFromJSON(json)),
      ),
    )
      ? 'paste'
      : null;
  }
  if (writer.node.content.size > weather.size * 1.5) return writer.edit((transform) => shrink(transform, weather)) ? 'shrink' : null;
  const kind = chance.weighted(kinds);
  if (kind === 'undo') return writer.undo() ? kind : null;
  if (kind === 'redo') return writer.redo() ? kind : null;
  if (kind === 'cut') {
    const cut: unknown[] = [];
    if (!writer.edit((transform) => cutBlocks(transform, weather, cut))) return null;
    clipboards.set(writer, cut);
    return kind;
  }
  return writer.edit((transform) => edits[kind](transform, weather)) ? kind : null;
}

const kinds = [
  [30, 'type'],
  [12, 'delete'],
  [8, 'replace'],
  [10, 'split'],
  [10, 'join'],
  [4, 'heading'],
  [3, 'wrap'],
  [3, 'lift'],
  [6, 'mark'],
  [3, 'break'],
  [4, 'cut'],
  [3, 'drag'],
  [3, 'copy'],
  [7, 'undo'],
  [6, 'redo'],
] as const;

const edits: Record<Exclude<(typeof kinds)[number][1], 'undo' | 'redo' | 'cut'>, Edit> = {
  type: (transform, weather) => {
    const at = position(transform.doc, weather);
    transform.insert(at, schema.text(words(weather), transform.doc.resolve(at).marks()));
  },
  delete: (transform, weather) => {
    const { from, to } = range(transform.doc, weather, 20);
    transform.delete(from, to);
  },
  replace: (transform, weather) => {
    const { from, to } = range(transform.doc, weather, 8);
    transform.replaceWith(from, to, schema.text(words(weather)));
  },
  split: (transform, weather) => {
    const at = position(transform.doc, weather);
    const inItem = transform.doc.resolve(at).node(-1)?.type.name === 'listItem';
    const depth = inItem && weather.chance.next() < 0.7 ? 2 : 1;
    if (canSplit(transform.doc, at, depth)) transform.split(at, depth);
  },
  join: (transform, weather) => {
    const border = transform.doc.resolve(position(transform.doc, weather)).before();
    if (canJoin(transform.doc, border)) transform.join(border);
  },
  heading: (transform, weather) => {
    const at = position(transform.doc, weather);
    const isHeading = transform.doc.resolve(at).parent.type.name === 'heading';
    transform.setBlockType(at, at, node(isHeading ? 'paragraph' : 'heading'), isHeading ? null : { level: weather.chance.between(1, 3) });
  },
  wrap: (transform, weather) => {
    const $at = transform.doc.resolve(position(transform.doc, weather));
    const blocks = $at.blockRange();
    const wrapping = blocks && findWrapping(blocks, node(weather.chance.pick(['blockquote', 'bulletList', 'orderedList'])));
    if (blocks && wrapping && $at.depth < 8) transform.wrap(blocks, wrapping);
  },
  lift: (transform, weather) => {
    const blocks = transform.doc.resolve(position(transform.doc, weather)).blockRange();
    const target = blocks && liftTarget(blocks);
    if (blocks && target !== null) transform.lift(blocks, target);
  },
  mark: (transform, weather) => {
    const { from, to } = range(transform.doc, weather, 12);
    const mark = schema.mark(weather.chance.pick(['bold', 'italic', 'strike']));
    if (transform.doc.rangeHasMark(from, to, mark.type)) transform.removeMark(from, to, mark.type);
    else transform.addMark(from, to, mark);
  },
  break: (transform, weather) => {
    transform.insert(position(transform.doc, weather), schema.node('hardBreak'));
  },
  /** A block is dragged elsewhere: it leaves and arrives in one edit, as the same node. */
  drag: (transform, weather) => {
    const block = topLevelBlock(transform.doc, weather);
    transform.delete(block.from, block.to);
    transform.insert(topLevelBorder(transform.doc, weather.chance), block.node);
  },
  /** A block is copied elsewhere, so that words stand there twice. */
  copy: (transform, weather) => {
    transform.insert(
      topLevelBorder(transform.doc, weather.chance),
      schema.nodeFromJSON(topLevelBlock(transform.doc, weather).node.toJSON()),
    );
  },
};

function cutBlocks(transform: Transform, weather: Weather, cut: unknown[]): void {
  const block = topLevelBlock(transform.doc, weather);
  cut.push(block.node.toJSON());
  transform.delete(block.from, block.to);
}

function growBack(transform: Transform, weather: Weather): void {
  const line = weather.chance.pick(weather.lines);
  transform.insert(topLevelBorder(transform.doc, weather.chance), schema.node('paragraph', null, line === '' ? [] : [schema.text(line)]));
}

function shrink(transform: Transform, { chance }: Weather): void {
  const index = chance.between(0, transform.doc.childCount - 2);
  let from = 0;
  for (let before = 0; before < index; before += 1) from += transform.doc.child(before).nodeSize;
  transform.delete(from, from + transform.doc.child(index).nodeSize);
}

function node(name: string): NonNullable<(typeof schema.nodes)[string]> {
  const type = schema.nodes[name];
  if (type === undefined) throw new Error(`no node ${name}`);
  return type;
}

/** A few words of the draft's language, now and then something that stands there already. */
function words({ chance, vocabulary }: Weather): string {
  return Array.from({ length: chance.between(1, 3) }, () => chance.pick(vocabulary)).join('');
}

/** A place in the text: mostly in or beside an anchored passage, else anywhere. Never between the halves of a surrogate pair. */
function position(doc: Node, { chance, passages }: Weather): number {
  const passage = passages.length > 0 && chance.next() < 0.6 ? chance.pick(passages) : null;
  const wanted = passage === null ? chance.between(1, doc.content.size - 1) : chance.between(passage.from - 3, passage.to + 3);
  return nearestText(doc, Math.min(Math.max(wanted, 1), doc.content.size - 1));
}

function range(doc: Node, weather: Weather, longest: number): { from: number; to: number } {
  const from = position(doc, weather);
  const to = nearestText(doc, Math.min(from + weather.chance.between(1, longest), doc.content.size - 1));
  return from < to ? { from, to } : { from: to, to: from };
}

/** The text position nearest to a position; between the halves of a surrogate pair is none. */
export function nearestText(doc: Node, wanted: number): number {
  for (let step = 0; step <= doc.content.size; step += 1) {
    for (const at of [wanted + step, wanted - step]) {
      if (at < 0 || at > doc.content.size) continue;
      const $at = doc.resolve(at);
      const before = $at.nodeBefore?.text?.at(-1) ?? '';
      const after = $at.nodeAfter?.text?.at(0) ?? '';
      if ($at.parent.isTextblock && !(/[\ud800-\udbff]/.test(before) && /[\udc00-\udfff]/.test(after))) return at;
    }
  }
  throw new Error('a draft without any text block');
}

function topLevelBlock(doc: Node, weather: Weather): { from: number; to: number; node: Node } {
  const $at = doc.resolve(position(doc, weather));
  return { from: $at.before(1), to: $at.after(1), node: $at.node(1) };
}

function topLevelBorder(doc: Node, chance: Chance): number {
  let border = 0;
  for (let index = chance.between(0, doc.childCount); index > 0; index -= 1) border += doc.child(index - 1).nodeSize;
  return border;
}
