import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { getSchema } from '@tiptap/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { closeCodes, restartReason, retryCodes } from '#shared/protocol/close.ts';
import { frameTypes } from '#shared/protocol/frames.ts';
import { Door, frame } from '../../../../tests/support/draftDoor.ts';
import { DraftConnection } from './draftConnection.svelte.ts';
import { draftExtensions } from './extensions.ts';
import { memoryOutbox } from './outbox.ts';

const schema = getSchema(draftExtensions());

/** Client ids and states of a presence update. */
function linesOf(bytes: Uint8Array): [number, string][] {
  const decoder = decoding.createDecoder(bytes);
  return Array.from({ length: decoding.readVarUint(decoder) }, () => {
    const clientId = decoding.readVarUint(decoder);
    decoding.readVarUint(decoder);
    return [clientId, decoding.readVarString(decoder)];
  });
}

let door: Door;
const connections: DraftConnection[] = [];

beforeEach(() => {
  door = new Door();
});
afterEach(() => {
  for (const connection of connections.splice(0)) connection.destroy();
  door.end();
});

async function join(outbox = memoryOutbox(), participantId: string | null = 'ana'): Promise<DraftConnection> {
  // Without chance the pauses are none.
  const connection = new DraftConnection(
    { roomId: 'r', draftId: 'd', participantId },
    { url: await door.listening(), outbox, random: () => 0 },
  );
  connections.push(connection);
  await connection.start();
  return connection;
}

function type(connection: DraftConnection, words: string): void {
  const fragment = connection.copy?.fragment;
  const paragraph = new Y.XmlElement('paragraph');
  paragraph.insert(0, [new Y.XmlText(words)]);
  fragment?.push([paragraph]);
}

/** Types, and leaves after the frame was lost at the door. */
async function loses(connection: DraftConnection, words: string): Promise<void> {
  let lost = 0;
  door.instead = () => (lost += 1);
  type(connection, words);
  await becomes(() => lost, 1);
  connection.destroy();
  door.instead = null;
}

const becomes = (what: () => unknown, value: unknown): Promise<void> =>
  vi.waitFor(() => expect(what()).toEqual(value), { timeout: 20_000, interval: 5 });
const isSaved = (connection: DraftConnection): Promise<void> => becomes(() => connection.save.state, 'saved');

describe('[ED3] saved is what the server called durable', () => {
  test('each change is pending until its frame is answered', async () => {
    const connection = await join();
    expect(connection.save).toEqual({ state: 'opening' });
    expect(connection.write).toBe(false);
    await isSaved(connection);
    expect(connection.write).toBe(true);
    door.answers = false;
    type(connection, '一');
    expect(connection.save).toEqual({ state: 'saving' });
    expect(connection.pending).toBe(1);
    await becomes(() => door.words(), '一');
    expect(connection.pending).toBe(1);
    door.answers = true;
    type(connection, '二');
    await isSaved(connection);
    expect(connection.pending).toBe(0);
  });

  test('what is typed without a connection goes out with the next one, once', async () => {
    const connection = await join();
    await isSaved(connection);
    door.closed = retryCodes.restart;
    for (const peer of door.peers) peer.terminate();
    await becomes(() => connection.save.state, 'offline');
    type(connection, '离线');
    expect(connection.save).toEqual({ state: 'unsaved', changes: 1 });
    door.closed = null;
    await isSaved(connection);
    expect(door.words()).toBe('离线');
    const [first, ...later] = door.urls.map((url) => url.searchParams.get('lineage'));
    expect([first, ...new Set(later)]).toEqual([null, 'L1']);
  });

  test('[OP7] a server that goes down says over how long to come back', async () => {
    // At random within the spread: with this chance at its end, and not after the first pause of half a second.
    const connection = new DraftConnection(
      { roomId: 'r', draftId: 'd', participantId: 'ana' },
      { url: await door.listening(), outbox: memoryOutbox(), random: () => 0.999 },
    );
    connections.push(connection);
    await connection.start();
    await isSaved(connection);
    const waits: number[] = [];
    const timers = vi.spyOn(globalThis, 'setTimeout');
    for (const peer of door.peers) peer.close(retryCodes.restart, restartReason(2_000));
    await becomes(() => connection.save.state, 'offline');
    waits.push(...timers.mock.calls.map(([, ms]) => ms ?? 0));
    timers.mockRestore();
    expect(waits).toContain(1_998);
  });

  test('codes that say not now are tried again', async () => {
    door.closed = retryCodes.notNow;
    const connection = await join();
    await becomes(() => door.urls.length > 1, true);
    door.closed = null;
    await isSaved(connection);
  });
});

test('[ED4] the next page sends what the last one could not, under the same person only', async () => {
  const outbox = memoryOutbox();
  const first = await join(outbox);
  await isSaved(first);
  type(first, '写了');
  await isSaved(first);
  await loses(first, '没存上');
  const stranger = await join(outbox, 'ben');
  await isSaved(stranger);
  expect(door.words()).toBe('写了');
  const next = await join(outbox);
  await isSaved(next);
  expect(door.words()).toBe('写了没存上');
  await vi.waitFor(async () => expect(await outbox.rows({ draftId: 'd', participantId: 'ana' })).toEqual([]));
});

describe('[ED5] who may not write sends nothing', () => {
  test('an editor’s repair stays here, and is not built upon when one may write again', async () => {
    door.write = false;
    const connection = await join();
    await becomes(() => connection.save.state, 'readonly');
    const before = connection.copy;
    type(connection, '修补');
    expect(connection.pending).toBe(0);
    door.write = true;
    for (const peer of door.peers) door.stand(peer);
    await isSaved(connection);
    expect(connection.copy).not.toBe(before);
    type(connection, '正文');
    await isSaved(connection);
    expect(door.words()).toBe('正文');
    expect(connection.setAside).toEqual([]);
  });

  test('of presence only one’s own is sent, however much of others comes in', async () => {
    const [one, other] = [await join(), await join(memoryOutbox(), 'ben')];
    await isSaved(one);
    await isSaved(other);
    const cursors = (): [number, string][] => door.presence.flatMap(linesOf).filter(([, state]) => state.includes('cursor'));
    const [oneId, otherId] = [one, other].map((each) => each.copy?.doc.clientID ?? 0);
    one.copy?.awareness.setLocalStateField('cursor', 1);
    await becomes(cursors, [[oneId, '{"cursor":1}']]);
    for (const bytes of door.presence.splice(0)) {
      for (const peer of door.peers) peer.send(frame(frameTypes.awareness, (encoder) => encoding.writeVarUint8Array(encoder, bytes)));
    }
    await becomes(() => other.copy?.awareness.getStates().get(oneId ?? 0), { cursor: 1 });
    other.copy?.awareness.setLocalStateField('cursor', 2);
    await becomes(cursors, [[otherId, '{"cursor":2}']]);
    expect(door.presence.flatMap(linesOf).map(([clientId]) => clientId)).not.toContain(oneId);
  });
});

describe('[ED6] [ED7] a refusal ends the copy and keeps the words', () => {
  test.each(['notAllowed', 'content', 'tooLarge', 'tooCostly', 'frameTooBig', 'badFrame'] as const)('refused with %s', async (name) => {
    const connection = await join();
    await isSaved(connection);
    type(connection, '留下');
    await isSaved(connection);
    const before = connection.copy;
    door.instead = (peer) => {
      door.write = false;
      door.stand(peer, { acceptedFrames: 2 });
      peer.close(closeCodes[name]);
    };
    type(connection, '被拒');
    // On the screen stays what was there until the fresh copy has the text.
    await becomes(() => connection.copy === before, false);
    expect(connection.copy?.fragment.toString()).toBe('<paragraph>留下</paragraph>');
    await becomes(() => connection.save.state, 'readonly');
    await becomes(() => connection.setAside.map(({ words, code }) => [words, code]), [['被拒', closeCodes[name]]]);
    connection.dismiss(connection.setAside[0]?.id ?? '');
    expect(connection.setAside).toEqual([]);
  });

  test('another history of the draft: words kept for the old one are set aside, the draft is joined anew', async () => {
    const outbox = memoryOutbox();
    const first = await join(outbox);
    await isSaved(first);
    await loses(first, '旧稿上的话');
    door.lineage = 'L2';
    const next = await join(outbox);
    await isSaved(next);
    await becomes(() => next.setAside.map(({ words, code }) => [words, code]), [['旧稿上的话', closeCodes.lineage]]);
    expect(door.urls.map((url) => url.searchParams.get('lineage'))).toEqual([null, 'L1', null]);
    expect(door.words()).toBe('');
    type(next, '新稿');
    await isSaved(next);
  });

  test('the right to write went while one was away', async () => {
    const connection = await join();
    await isSaved(connection);
    door.closed = retryCodes.restart;
    for (const peer of door.peers) peer.terminate();
    await becomes(() => connection.save.state, 'offline');
    type(connection, '迟了');
    door.write = false;
    door.closed = null;
    await becomes(() => connection.setAside.map(({ words }) => words), ['迟了']);
    await becomes(() => connection.save.state, 'readonly');
    expect(door.words()).toBe('');
  });

  test.each(['editorVersion', 'signIn'] as const)('%s is the end here, and the next page sends what was kept', async (name) => {
    const outbox = memoryOutbox();
    const connection = await join(outbox);
    await isSaved(connection);
    door.instead = (peer) => peer.close(closeCodes[name]);
    type(connection, '等下一页');
    await becomes(() => connection.save, { state: 'ended', changes: 1 });
    expect(connection.endedBy).toBe(closeCodes[name]);
    expect(connection.write).toBe(false);
    door.instead = null;
    const next = await join(outbox);
    await isSaved(next);
    expect(door.words()).toBe('等下一页');
    expect(next.setAside).toEqual([]);
  });

  test.each(['ended', 'notFound'] as const)('%s is the end, and nobody will send the words: they are set aside', async (name) => {
    const connection = await join();
    await isSaved(connection);
    door.instead = (peer) => peer.close(closeCodes[name]);
    type(connection, '没人送了');
    await becomes(() => connection.save, { state: 'ended', changes: 0 });
    await becomes(() => connection.setAside.map(({ words }) => words), ['没人送了']);
  });
});

describe('[ED24] a page that came to hold another text than the draft', () => {
  const other = 'ab'.repeat(32);

  test('says so, sets its whole text aside and loads the draft anew', async () => {
    const outbox = memoryOutbox();
    const connection = await join(outbox);
    await isSaved(connection);
    type(connection, '都有');
    await isSaved(connection);
    const before = connection.copy;
    expect(connection.setAside).toEqual([]);
    door.check(7, other);
    await becomes(() => door.reports.map(([ordinal]) => ordinal), [7]);
    await becomes(() => connection.copy === before, false);
    await isSaved(connection);
    await becomes(() => connection.setAside.map(({ code }) => code), [closeCodes.diverged]);
    expect(connection.setAside[0]?.words).toContain('都有');
    expect(await outbox.records({ draftId: 'd', participantId: 'ana' })).toEqual(connection.setAside);
    type(connection, '继续写');
    await isSaved(connection);
    // What a fresh copy did not cure is not said every minute.
    door.check(8, other);
    type(connection, '还在写');
    await isSaved(connection);
    expect(door.reports).toHaveLength(1);
  });

  test.each(['notAllowed', 'badFrame', 'lineage'] as const)(
    '[ED25] after the server was set back to an older copy, what it took before is set aside whole, with what was typed meanwhile (%s)',
    async (name) => {
      const connection = await join();
      await isSaved(connection);
      type(connection, '备份之后写的');
      await isSaved(connection);
      door.closed = retryCodes.restart;
      for (const peer of door.peers) peer.terminate();
      await becomes(() => connection.save.state, 'offline');
      type(connection, '停机时写的');
      door.instead = (peer) => {
        door.instead = null;
        door.stand(peer, { acceptedFrames: 0, write: false });
        peer.close(closeCodes[name]);
      };
      door.closed = null;
      await becomes(() => connection.setAside.map(({ code }) => code), [closeCodes.diverged]);
      expect(connection.setAside[0]?.words).toContain('备份之后写的');
      expect(connection.setAside[0]?.words).toContain('停机时写的');
      await isSaved(connection);
    },
  );

  test('[ED25] where the answer was taken, or there never was one, a refusal sets aside one’s own words alone', async () => {
    const connection = await join();
    await isSaved(connection);
    type(connection, '在案');
    await isSaved(connection);
    for (const peer of door.peers) peer.close(retryCodes.restart);
    await becomes(() => door.urls.length, 2);
    await isSaved(connection);
    door.instead = (peer) => {
      door.instead = null;
      door.stand(peer, { acceptedFrames: 1 });
      peer.close(closeCodes.notAllowed);
    };
    type(connection, '被拒');
    await becomes(() => connection.setAside.map(({ words, code }) => [words, code]), [['被拒', closeCodes.notAllowed]]);
  });

  test('[ED29] also where the copy is right and the editor shows something else', async () => {
    const connection = await join();
    await isSaved(connection);
    type(connection, '都有');
    await isSaved(connection);
    const { copy } = connection;
    if (copy === null) throw new Error('there is no copy');
    copy.shown = () => schema.node('doc', null, [schema.node('paragraph', null, [schema.text('都')])]);
    door.check(7);
    await becomes(() => door.reports.map(([ordinal]) => ordinal), [7]);
    await becomes(() => connection.copy === copy, false);
    await becomes(() => connection.setAside.map(({ code }) => code), [closeCodes.diverged]);
  });

  test('the same text is no alarm, nor is one that has more because it is on its way', async () => {
    const connection = await join();
    await isSaved(connection);
    type(connection, '一');
    await isSaved(connection);
    door.check(1);
    door.answers = false;
    type(connection, '二');
    await becomes(() => door.words(), '一二');
    door.check(2, other);
    door.answers = true;
    type(connection, '三');
    await isSaved(connection);
    door.check(4);
    type(connection, '四');
    await isSaved(connection);
    expect([door.reports, connection.setAside]).toEqual([[], []]);
  });

  test('nor is one whose own change was on its way when the hash came, and is saved by the time it is looked at', async () => {
    const connection = await join();
    await isSaved(connection);
    // The first look fetches what does it, the later ones wait for what others write in the same moment.
    for (const [ordinal, words] of ['一', '二', '三'].entries()) {
      door.before = () => {
        for (const peer of door.peers) {
          peer.send(
            frame(frameTypes.sync, (encoder) => {
              encoding.writeVarUint(encoder, 2);
              encoding.writeVarUint8Array(encoder, Y.encodeStateAsUpdate(door.doc));
            }),
          );
        }
        door.check(ordinal);
      };
      type(connection, words);
      await becomes(() => door.words().at(-1), words);
      await isSaved(connection);
    }
    door.before = null;
    // The next one is an alarm, and the only one.
    door.check(9, other);
    await becomes(() => door.reports.map(([ordinal]) => ordinal), [9]);
  });

  test('for somebody who only watches nothing is kept; the draft is loaded anew', async () => {
    const outbox = memoryOutbox();
    door.write = false;
    const connection = await join(outbox, null);
    await becomes(() => connection.save.state, 'readonly');
    const before = connection.copy;
    door.check(3, other);
    await becomes(() => connection.copy === before, false);
    await becomes(() => connection.save.state, 'readonly');
    expect([door.reports.length, connection.setAside]).toEqual([1, []]);
  });
});
