import { existsSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright';
import { chromium } from 'playwright';
import * as Y from 'yjs';
import { shownInstead } from '#client/lib/drafts/shownWhole.ts';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { contentHash, documentText } from '#shared/document/text.ts';
import { chromiumArgs, chromiumPath } from '../../scripts/chromium.ts';
import { Chance } from '../anchors/random.ts';
import { schema } from '../anchors/writer.ts';
import { honestHistory } from '../drafts/honest.ts';
import { writeShape } from '../drafts/shapes.ts';
import { contextOf } from '../e2e/support/room.ts';
import { DraftSocketClient } from '../integration/draftSocket.ts';
import type { Visitor } from '../support/people.ts';
import { administrator, freshCommandId, invited, until } from '../support/people.ts';
import { draftLog } from '../support/storedLogs.ts';
import { GuardedServer, openPaces } from './doors/guarded.ts';
import type { Row, Scale } from './row.ts';
import { skippedRow } from './row.ts';

/*
 * T16. Opening changes nothing. Drafts that honest editors left who did not wait for each other, and drafts made at random from what the
 * server lets through, are opened by the real page as a member and as an observer, who look around, load them again, and see somebody
 * else write. Text and structure on the server, on the pages and in the export are the same before and after, and the log has no entry
 * of who looked.
 */

export const timeoutMs = 40 * 60_000;
const amounts: Readonly<Record<Scale, number>> = { slice: 1, ci: 12, nightly: 150 };
/** Few are shown in the room at a time. */
const draftsPerRoom = 15;

interface Tally {
  readonly problems: string[];
  drafts: number;
  words: number;
  nodes: number;
  lostWords: number;
  lostNodes: number;
}

interface Place {
  readonly guarded: GuardedServer;
  readonly ana: Visitor;
  readonly roomId: string;
  readonly draftIds: readonly string[];
  readonly contexts: readonly (readonly [who: string, context: BrowserContext])[];
}

export async function run(scale: Scale, seed: number): Promise<Row> {
  const executablePath = chromiumPath();
  if (!existsSync(new URL('../../build/client/handler.js', import.meta.url))) return skippedRow('T16', seed, 'the pages are not built');
  if (executablePath === undefined) return skippedRow('T16', seed, 'there is no Chromium');
  const guarded = await GuardedServer.start(openPaces, { pages: true });
  const browser = await chromium.launch({ executablePath, args: [...chromiumArgs] });
  const tally: Tally = { problems: [], drafts: 0, words: 0, nodes: 0, lostWords: 0, lostNodes: 0 };
  try {
    const ana = await administrator(guarded.url, guarded.process.setupSecret);
    for (let done = 0; done < amounts[scale]; done += draftsPerRoom) {
      const place = await furnish(guarded, browser, ana, done, Math.min(draftsPerRoom, amounts[scale] - done));
      for (const [index, draftId] of place.draftIds.entries())
        await lookAt(place, draftId, new Chance(seed + done + index), index % 3 === 2, tally);
      for (const [, context] of place.contexts) await context.close();
    }
  } finally {
    await browser.close();
    await guarded.dispose();
  }
  return {
    test: 'T16',
    seed,
    done: `${tally.drafts} drafts with ${tally.nodes} nodes and ${tally.words} words, opened twice each as member and observer; ${tally.lostNodes} nodes lost`,
    lost: tally.lostWords + tally.lostNodes,
    doubled: 0,
    stallMs: null,
    memoryMb: null,
    passed: tally.problems.length === 0,
    notes: tally.problems.slice(0, 8).join('; ') || 'pages, server and export hold the same; no entry of who looked',
  };
}

async function furnish(guarded: GuardedServer, browser: Browser, ana: Visitor, round: number, count: number): Promise<Place> {
  const { id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: `T16 ${round}`, visibility: 'public' });
  const ben = await invited(ana, roomId, 'member', `ben${round}`);
  const client = await ana.join(roomId);
  const first = client.joined?.snapshot?.drafts[0]?.id ?? '';
  for (let n = 1; n < count; n += 1) await client.send({ type: 'createDraft', title: `draft ${n}` }, freshCommandId());
  client.close();
  const again = await ana.join(roomId);
  const draftIds = again.joined?.snapshot?.drafts.map(({ id }) => id) ?? [first];
  again.close();
  const contexts = [
    ['member', await contextOf(browser, ben)],
    ['observer', await contextOf(browser, null)],
  ] as const;
  return { guarded, ana, roomId, draftIds, contexts };
}

async function lookAt(place: Place, draftId: string, chance: Chance, isShape: boolean, tally: Tally): Promise<void> {
  const { guarded, ana, roomId } = place;
  const wrong = (what: string): number => tally.problems.push(`${isShape ? 'shape' : 'history'} ${tally.drafts}: ${what}`);
  const writer = (
    await new DraftSocketClient(
      guarded.url,
      { cookie: ana.cookie ?? '' },
      `${roomId}/${draftId}`,
      undefined,
      new Y.Doc({ gc: false }),
    ).settled()
  ).synced();
  const { doc } = await writer;
  const known = Y.encodeStateVector(doc);
  const made = isShape ? shape(doc, chance) : honestHistory(chance, { people: 4, rounds: 5, base: Y.encodeStateAsUpdate(doc) });
  const socket = await writer;
  socket.sendUpdate(Y.encodeStateAsUpdate(made, known));
  await until(() => socket.saved > 0 || socket.closed !== null, 'the history to be stored');
  if (socket.closed !== null) {
    wrong(`was refused with ${socket.closed}`);
    return;
  }
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(made));
  const fragment = doc.getXmlFragment(DRAFT_FIELD);
  const before = await held(place, draftId);
  tally.drafts += 1;
  tally.words += wordsIn(documentText(fragment));
  tally.nodes += nodesIn(fragment);
  if (before.contentHash !== contentHash(fragment)) wrong('the server holds another text than was sent');

  const pages: (readonly [string, Page])[] = [];
  for (const [who, context] of place.contexts) {
    const page = await context.newPage();
    pages.push([who, page]);
    await page.goto(`${guarded.url}/rooms/${roomId}?draft=${draftId}`);
    await shows(page, fragment, (what) => wrong(`${who} opening: ${what}`));
    await lookAround(page);
    await page.reload();
    await shows(page, fragment, (what) => wrong(`${who} opening again: ${what}`));
    await lookAround(page);
  }
  const after = await held(place, draftId);
  if (after.export !== before.export) wrong('the export is another');
  // Somebody else writes while they look.
  const saved = socket.saved;
  socket.sendUpdate(socket.typed('w99999'));
  await until(() => socket.saved > saved || socket.closed !== null, 'the words of somebody else to be stored');
  for (const [who, page] of pages) {
    await shows(page, fragment, (what) => wrong(`${who}, while another wrote: ${what}`));
    await lookAround(page);
  }
  const end = await held(place, draftId);
  if (end.contentHash !== contentHash(fragment)) wrong('the server holds another text than before it was opened');
  const entries = draftLog(guarded.dataDir, draftId).filter(({ kind }) => kind === 'update');
  const authors = new Set(entries.map(({ actor_id }) => actor_id));
  if (authors.size > 2) wrong(`${authors.size} people stand in the log, of whom one wrote and one is the system`);
  if (entries.length !== before.entries + 1) wrong(`${entries.length - before.entries - 1} entries came by looking`);
  const there = new Y.Doc();
  for (const { bytes } of entries) Y.applyUpdate(there, bytes);
  const now = there.getXmlFragment(DRAFT_FIELD);
  tally.lostWords += Math.max(0, wordsIn(documentText(fragment)) - wordsIn(documentText(now)));
  tally.lostNodes += Math.max(0, nodesIn(fragment) - nodesIn(now));
  for (const [, page] of pages) await page.close();
  socket.close();
}

function shape(base: Y.Doc, chance: Chance): Y.Doc {
  const doc = new Y.Doc();
  doc.clientID = 3_000;
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(base));
  doc.transact(() => void writeShape(doc.getXmlFragment(DRAFT_FIELD), chance, 80));
  return doc;
}

/** What the server holds of a draft, by each of its ways out. */
async function held({ guarded, ana, roomId }: Place, draftId: string): Promise<{ contentHash: string; export: string; entries: number }> {
  const { contentHash: hash } = await ana.ok<{ contentHash: string }>('GET', `/api/rooms/${roomId}/drafts/${draftId}`);
  const exported: string[] = [];
  for (const format of ['md', 'html']) {
    const answer = await fetch(`${guarded.url}/api/rooms/${roomId}/drafts/${draftId}/export?format=${format}`, {
      headers: { cookie: ana.cookie ?? '' },
    });
    exported.push(await answer.text());
  }
  const entries = draftLog(guarded.dataDir, draftId).filter(({ kind }) => kind === 'update').length;
  return { contentHash: hash, export: exported.join('\n'), entries };
}

/** Waits until a page shows a draft, and holds both what its editor holds and what stands on the page against it. */
async function shows(page: Page, draft: Y.XmlFragment, wrong: (what: string) => void): Promise<void> {
  const expected = documentText(draft).replaceAll('\n', '');
  const text = page.locator('.ProseMirror');
  const seen = { words: '', editor: '' };
  const isShown = async (): Promise<boolean> => {
    seen.words = await text.evaluate((element) => {
      const copy = element.cloneNode(true) as HTMLElement;
      // Carets of others, and the boxes of tasks, which say their words again.
      for (const added of copy.querySelectorAll('.caret, label')) added.remove();
      return copy.textContent;
    });
    const json: unknown = await text.evaluate((element) => (element as unknown as { editor: { getJSON(): unknown } }).editor.getJSON());
    seen.editor = shownInstead(schema.nodeFromJSON(json), draft) === null ? '' : JSON.stringify(json).slice(0, 200);
    return seen.words === expected && seen.editor === '';
  };
  await text.waitFor({ timeout: 60_000 });
  const deadline = Date.now() + 20_000;
  while (!(await isShown())) {
    if (Date.now() > deadline) {
      if (seen.words !== expected)
        wrong(
          `the page says "${seen.words.slice(0, 80)}" (${seen.words.length}), the draft "${expected.slice(0, 80)}" (${expected.length})`,
        );
      if (seen.editor !== '') wrong(`the editor holds otherwise: ${seen.editor}`);
      return;
    }
    await page.waitForFunction(() => new Promise((resolve) => requestAnimationFrame(() => resolve(true))));
  }
}

/** The caret goes through the text by mouse and keys, as of somebody who reads. */
async function lookAround(page: Page): Promise<void> {
  const blocks = page.locator('.ProseMirror > *');
  const count = await blocks.count();
  for (let index = 0; index < count; index += Math.max(1, Math.floor(count / 4)))
    await blocks
      .nth(index)
      .click({ force: true, timeout: 5_000 })
      .catch(() => undefined);
  for (const key of ['ArrowDown', 'ArrowUp', 'End', 'ArrowRight', 'Control+End', 'Control+Home', 'ArrowDown'])
    await page.keyboard.press(key);
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}

function wordsIn(text: string): number {
  return text.match(/w\d+/g)?.length ?? 0;
}

function nodesIn(parent: Y.XmlFragment): number {
  let count = 0;
  for (const child of parent.toArray()) if (child instanceof Y.XmlElement) count += 1 + nodesIn(child);
  return count;
}
