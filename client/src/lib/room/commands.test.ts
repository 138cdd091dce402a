import { describe, expect, test } from 'vitest';
import type { Rejection } from '#shared/domain/rejections.ts';
import type { Answer, SentCommand } from '#shared/protocol/messages.ts';
import { aShelf } from './builders.ts';
import { Commands } from './commands.svelte.ts';
import { outboxKey, readOutbox } from './outbox.ts';

type Reply = Answer<{ readonly seq: number }> | null;
const post: SentCommand = { type: 'postComment', body: 'words' };

/** An outbox whose server answers what it is told to, one answer a send; time passes when told. */
function anOutbox(replies: Reply[], shelf = aShelf()) {
  const sent: { commandId: string; command: SentCommand }[] = [];
  const refused: Rejection[] = [];
  const clock: (() => void)[] = [];
  const commands = new Commands(shelf, {
    send: (commandId, command) => {
      sent.push({ commandId, command });
      return Promise.resolve(replies.shift() ?? null);
    },
    later: (_ms, run) => {
      clock.push(run);
      return () => undefined;
    },
    random: () => 0.5,
    refused: (_command, rejection) => refused.push(rejection),
  });
  commands.belongTo('r1', 'ana');
  return {
    commands,
    shelf,
    sent,
    refused,
    /** Lets everything happen that can happen without time passing. */
    settle: async () => {
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    },
    pass: async () => {
      clock.splice(0).forEach((run) => run());
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    },
  };
}

const stored = (shelf: ReturnType<typeof aShelf>) => readOutbox(shelf, outboxKey('r1', 'ana'));

describe('commands on their way', () => {
  test('wait for a connection, kept on the device', async () => {
    const { commands, sent, shelf, settle } = anOutbox([]);
    commands.give(post);
    await settle();
    expect(sent).toEqual([]);
    expect(stored(shelf).map(({ command }) => command)).toEqual([post]);
  });

  test('without an answer the same command goes out again under the same id', async () => {
    const { commands, sent, settle, pass } = anOutbox([null, null, { ok: true, seq: 7 }]);
    commands.setLive(true);
    commands.give(post);
    await settle();
    await pass();
    await pass();
    expect(sent.length).toBe(3);
    expect(new Set(sent.map(({ commandId }) => commandId)).size).toBe(1);
    expect(commands.list.map(({ status }) => status)).toEqual([{ name: 'accepted', seq: 7 }]);
  });

  test('an accepted one leaves the device at once and the screen when the room has reached it', async () => {
    const { commands, shelf, settle } = anOutbox([{ ok: true, seq: 7 }]);
    commands.setLive(true);
    commands.give(post);
    await settle();
    expect(stored(shelf)).toEqual([]);
    commands.reached(6, []);
    expect(commands.list.length).toBe(1);
    commands.reached(7, []);
    expect(commands.list).toEqual([]);
  });

  test('one that the room shows before its answer came is done too', async () => {
    const { commands, sent, shelf, settle } = anOutbox([null]);
    commands.setLive(true);
    commands.give(post);
    await settle();
    commands.reached(7, [{ commandId: sent[0]?.commandId ?? '' }]);
    expect(commands.list).toEqual([]);
    expect(stored(shelf)).toEqual([]);
  });

  test('an answer that comes after the room has reached it leaves nothing behind', async () => {
    const { commands, settle } = anOutbox([{ ok: true, seq: 7 }]);
    commands.reached(9, []);
    commands.setLive(true);
    commands.give(post);
    await settle();
    expect(commands.list).toEqual([]);
  });

  test('go out one after the other, in the order they were given', async () => {
    const { commands, sent, settle } = anOutbox([
      { ok: true, seq: 1 },
      { ok: true, seq: 2 },
    ]);
    commands.give({ ...post, body: 'one' });
    commands.give({ ...post, body: 'two' });
    commands.setLive(true);
    await settle();
    expect(sent.map(({ command }) => (command.type === 'postComment' ? command.body : ''))).toEqual(['one', 'two']);
  });

  test('too fast is a pause, not a refusal', async () => {
    const { commands, sent, settle, pass } = anOutbox([
      { ok: false, rejection: { code: 'tooFast', retryAfterMs: 500 } },
      { ok: true, seq: 1 },
    ]);
    commands.setLive(true);
    commands.give(post);
    await settle();
    expect(commands.list.map(({ status }) => status.name)).toEqual(['waiting']);
    await pass();
    expect(sent.length).toBe(2);
    expect(commands.list.map(({ status }) => status.name)).toEqual(['accepted']);
  });

  test('[ROOM9] refused words stay with the reason, survive a reload, and go out as a new command when tried again', async () => {
    const first = anOutbox([{ ok: false, rejection: { code: 'commentingClosed' } }]);
    first.commands.setLive(true);
    first.commands.give(post);
    await first.settle();
    expect(first.refused).toEqual([]);
    const again = anOutbox([{ ok: true, seq: 3 }], first.shelf);
    expect(again.commands.list.map(({ status }) => status)).toEqual([{ name: 'refused', rejection: { code: 'commentingClosed' } }]);
    again.commands.setLive(true);
    await again.settle();
    expect(again.sent).toEqual([]);
    again.commands.again(again.commands.list[0]?.commandId ?? '');
    await again.settle();
    expect(again.sent.map(({ command }) => command)).toEqual([post]);
    expect(again.sent[0]?.commandId).not.toBe(first.sent[0]?.commandId);
  });

  test('a refused command without words is told once and forgotten', async () => {
    const { commands, refused, shelf, settle } = anOutbox([{ ok: false, rejection: { code: 'notAllowed' } }]);
    commands.setLive(true);
    commands.give({ type: 'closeCommenting' });
    await settle();
    expect(refused).toEqual([{ code: 'notAllowed' }]);
    expect([commands.list, stored(shelf)]).toEqual([[], []]);
  });

  test('nothing is sent in the name of nobody, and nothing of one person in the name of another', async () => {
    const { commands, sent, settle } = anOutbox([]);
    commands.give(post);
    commands.belongTo('r1', 'ben');
    expect(commands.list).toEqual([]);
    commands.belongTo('r1', null);
    commands.give(post);
    commands.setLive(true);
    await settle();
    expect(sent).toEqual([]);
    commands.belongTo('r1', 'ana');
    expect(commands.list.map(({ command }) => command)).toEqual([post]);
  });
});
