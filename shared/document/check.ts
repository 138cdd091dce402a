import * as Y from 'yjs';
import { DRAFT_FIELD, MAX_DEPTH, markRules, nodeRules, rootChildren } from './schema.ts';
import type { AttributeRules } from './schema.ts';

/** Why a draft, or a change to it, is refused. `detail` names what was found, cut short; it is for logs, not for people. */
export interface Violation {
  readonly code: 'root' | 'content' | 'node' | 'place' | 'attribute' | 'mark' | 'depth' | 'size';
  readonly detail: string;
}

/**
 * Holds what a transaction added against the allow-list of schema.ts. Only new, visible structs are looked at, each with its
 * own place: Yjs never gives content another parent, so what passed once stays valid and the cost follows the change, not
 * the draft. Deletions need no look. Call it inside `doc.transact`, after the updates were applied, or in any handler of that
 * transaction. Never throws on what an update can hold.
 */
export function checkTransaction(doc: Y.Doc, transaction: Y.Transaction): Violation | null {
  return checkRoots(doc) ?? checkStructs(doc, transaction.beforeState);
}

/** Holds a whole document against the allow-list; for documents read from outside the update log. */
export function checkDocument(doc: Y.Doc): Violation | null {
  return checkRoots(doc) ?? checkStructs(doc, new Map());
}

function violation(code: Violation['code'], detail: string): Violation {
  return { code, detail: detail.slice(0, 80) };
}

function checkRoots(doc: Y.Doc): Violation | null {
  for (const [name, root] of doc.share) {
    // A root that nothing was ever written to only exists because somebody asked for it by name.
    if (root._start === null && root._map.size === 0) continue;
    if (name !== DRAFT_FIELD) return violation('root', `root ${name}`);
    if (!isPlainRoot(root.constructor)) return violation('root', 'the draft is no fragment');
    if (root._map.size > 0) return violation('root', 'attributes on the draft itself');
  }
  return null;
}

/** A root that only updates have named so far is an AbstractType: nobody has asked for it by its kind yet. */
function isPlainRoot(constructor: unknown): boolean {
  return constructor === Y.XmlFragment || constructor === Y.AbstractType;
}

/** What one check learned on its way, so that it need not be found out again for every child. */
interface Seen {
  readonly depths: Map<unknown, number>;
  readonly full: Map<unknown, boolean>;
}

function checkStructs(doc: Y.Doc, before: ReadonlyMap<number, number>): Violation | null {
  const seen: Seen = { depths: new Map(), full: new Map() };
  for (const [client, structs] of doc.store.clients) {
    const known = before.get(client) ?? 0;
    const last = structs[structs.length - 1];
    if (last === undefined || last.id.clock + last.length <= known) continue;
    for (let index = known === 0 ? 0 : Y.findIndexSS(structs, known); index < structs.length; index += 1) {
      const struct = structs[index];
      if (!(struct instanceof Y.Item) || struct.deleted) continue;
      const found = checkItem(struct, seen);
      if (found !== null) return found;
    }
  }
  return null;
}

function checkItem(item: Y.Item, seen: Seen): Violation | null {
  const parent = item.parent;
  if (parent === null || parent instanceof Y.ID || typeof parent === 'string') return violation('content', 'content without a place');
  if (item.parentSub !== null) return checkAttribute(parent, item.parentSub, item.content);
  if (parent instanceof Y.XmlText)
    return parent.constructor === Y.XmlText ? checkTextContent(item.content) : violation('content', 'a text of another kind');
  return checkChild(parent, item, seen);
}

/** An entry in a type's map: in a draft only the attributes of elements. */
function checkAttribute(parent: Y.AbstractType<unknown>, name: string, content: Y.Item['content']): Violation | null {
  if (!(parent instanceof Y.XmlElement)) return violation('attribute', `attribute ${name} on what has none`);
  const rule = nodeRules.get(parent.nodeName)?.attributes.get(name);
  if (rule === undefined) return violation('attribute', `${parent.nodeName}.${name}`);
  if (!(content instanceof Y.ContentAny) || content.arr.length !== 1)
    return violation('attribute', `${parent.nodeName}.${name} holds no plain value`);
  return rule.allows(content.arr[0]) ? null : violation('attribute', `value of ${parent.nodeName}.${name}`);
}

/** What stands in a text: characters and the borders of marks, nothing embedded. */
function checkTextContent(content: Y.Item['content']): Violation | null {
  if (content instanceof Y.ContentString) return null;
  if (!(content instanceof Y.ContentFormat)) return violation('content', `${content.constructor.name} in a text`);
  const rules = markRules.get(content.key);
  if (rules === undefined) return violation('mark', content.key);
  return content.value === null ? null : checkMark(content.key, rules, content.value);
}

function checkMark(name: string, rules: AttributeRules, value: unknown): Violation | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return violation('mark', `${name} without a record`);
  const record = value as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(record)) {
    if (!(rules.get(key)?.allows(record[key]) ?? false)) return violation('mark', `${name}.${key}`);
  }
  // A rule that refuses its own initial value means that the attribute has to be written: a link without an address is none.
  for (const [key, rule] of rules) {
    if (!Object.hasOwn(record, key) && !rule.allows(rule.initial)) return violation('mark', `${name} without ${key}`);
  }
  return null;
}

/** An element or a text in the list of children of the draft or of an element. */
function checkChild(parent: Y.AbstractType<unknown>, item: Y.Item, seen: Seen): Violation | null {
  if (!(item.content instanceof Y.ContentType)) return violation('content', `${item.content.constructor.name} among nodes`);
  const type: Y.AbstractType<unknown> = item.content.type;
  const allowed = childrenAllowedIn(parent);
  if (allowed === undefined) return violation('content', 'a node inside what holds none');
  if (type.constructor === Y.XmlText) {
    if (!allowed.has('text')) return violation('place', 'text');
  } else if (type.constructor === Y.XmlElement) {
    const name = (type as Y.XmlElement).nodeName;
    if (!nodeRules.has(name)) return violation('node', name);
    if (!allowed.has(name)) return violation('place', name);
  } else {
    return violation('content', `${type.constructor.name} among nodes`);
  }
  if (isTooFull(parent, seen.full)) return violation('size', (parent as Y.XmlElement).nodeName);
  return depthOf(type, seen.depths) > MAX_DEPTH ? violation('depth', `deeper than ${MAX_DEPTH}`) : null;
}

/** Whether a node that was given another child has more than twice as many as an editor puts there. */
function isTooFull(parent: Y.AbstractType<unknown>, full: Map<unknown, boolean>): boolean {
  const most = parent instanceof Y.XmlElement ? nodeRules.get(parent.nodeName)?.most : undefined;
  if (most === undefined) return false;
  const known = full.get(parent);
  if (known !== undefined) return known;
  let count = 0;
  for (let item = parent._start; item !== null && count <= 2 * most; item = item.right) if (!item.deleted) count += 1;
  full.set(parent, count > 2 * most);
  return count > 2 * most;
}

function childrenAllowedIn(parent: Y.AbstractType<unknown>): ReadonlySet<string> | undefined {
  if (parent._item === null) return rootChildren;
  return parent.constructor === Y.XmlElement ? nodeRules.get((parent as Y.XmlElement).nodeName)?.children : undefined;
}

/** How deep a type stands, 1 at the top; walks up no further than MAX_DEPTH, remembers what it learned for this one check. */
function depthOf(type: Y.AbstractType<unknown>, depths: Map<unknown, number>): number {
  const path: unknown[] = [];
  let at: Y.AbstractType<unknown> | null = type;
  let above = 0;
  while (at !== null && at._item !== null && path.length <= MAX_DEPTH) {
    const known = depths.get(at);
    if (known !== undefined) {
      above = known;
      break;
    }
    path.push(at);
    at = at._item.parent as Y.AbstractType<unknown> | null;
  }
  for (let index = path.length - 1; index >= 0; index -= 1) {
    above += 1;
    // A walk that stopped early knows only that it is too deep, which is all that is asked.
    depths.set(path[index], above);
  }
  return above;
}
