import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { command as commandSchema, messages } from '#shared/protocol/schemas.ts';
import { PROTOCOL_VERSION } from '#shared/protocol/version.ts';
import type { RoomClient } from '../support/people.ts';
import { freshCommandId, until } from '../support/people.ts';
import { clientOf, furnish, kinds, logDigest, outcomeOf, roomLog } from './house.ts';
import type { House, Kind } from './house.ts';

type Command = z.infer<typeof commandSchema>;
type Type = Command['type'];
type Expected = Readonly<Record<Kind, string>>;

/** Who cannot join a private room, and what he is told. */
const joining: Expected = {
  stranger: 'signInNeeded',
  ended: 'signInNeeded',
  outsider: 'notFound',
  removed: 'removed',
  writer: 'notAllowed',
  guest: 'ok',
  observer: 'ok',
  member: 'ok',
  recorder: 'ok',
  moderator: 'ok',
  muted: 'ok',
  reader: 'ok',
  linked: 'ok',
  linkedElsewhere: 'linkRoomOnly',
};
const inside = kinds.filter((kind) => joining[kind] === 'ok');

/** What a command of those who may is answered where its target does not exist: the rule lets it pass, and nothing follows. */
interface Row {
  readonly command: Command;
  readonly answer: string;
  readonly may: readonly Kind[];
  /** What the muted one is told, where it is not that his role does not hold it. */
  readonly muted?: string;
  /** What members and guests are told where they may do it with what is their own. */
  readonly own?: string;
}

const chair: readonly Kind[] = ['moderator'];
const discussants: readonly Kind[] = ['guest', 'member', 'recorder', 'moderator'];
const supporters: readonly Kind[] = ['guest', 'member', 'moderator'];
const desk: readonly Kind[] = ['recorder', 'moderator'];
const everybody: readonly Kind[] = ['guest', 'observer', 'member', 'recorder', 'moderator'];
/** Members gather from what they said themselves: without a source of their own it is not theirs. */
const mayOwn = { own: 'notYours', muted: 'muted' } as const;
const mayOwnKnown = { own: 'unknownSuggestion', muted: 'muted' } as const;
const reason = { code: 'other' } as const;
const comment = 999;
const participantId = 'nobody';
const settings = { visibility: 'private', whoComments: 'members', guests: true } as const;

/** One line a command. What follows if it is accepted is the subject of other tests; here nothing does. */
const rows: { readonly [T in Type]: Row & { readonly command: Extract<Command, { type: T }> } } = {
  describeRoom: { command: { type: 'describeRoom', title: ' ', question: '', background: '' }, answer: 'emptyText', may: chair },
  changeSettings: { command: { type: 'changeSettings', settings }, answer: 'alreadySo', may: chair },
  openCommenting: { command: { type: 'openCommenting' }, answer: 'alreadySo', may: chair },
  closeCommenting: { command: { type: 'closeCommenting' }, answer: 'ok', may: chair },
  closeRoom: { command: { type: 'closeRoom' }, answer: 'ok', may: chair },
  reopenRoom: { command: { type: 'reopenRoom' }, answer: 'roomOpen', may: chair },
  changeRole: { command: { type: 'changeRole', participantId, role: 'member' }, answer: 'unknownParticipant', may: chair },
  muteParticipant: { command: { type: 'muteParticipant', participantId, reason }, answer: 'unknownParticipant', may: chair },
  unmuteParticipant: { command: { type: 'unmuteParticipant', participantId }, answer: 'unknownParticipant', may: chair },
  removeParticipant: { command: { type: 'removeParticipant', participantId, reason }, answer: 'unknownParticipant', may: chair },
  readmitParticipant: { command: { type: 'readmitParticipant', participantId }, answer: 'unknownParticipant', may: chair },
  lockDraft: { command: { type: 'lockDraft', draftId: 'none' }, answer: 'unknownDraft', may: chair },
  unlockDraft: { command: { type: 'unlockDraft', draftId: 'none' }, answer: 'unknownDraft', may: chair },
  postComment: { command: { type: 'postComment', body: ' ' }, answer: 'emptyText', may: discussants, muted: 'muted' },
  editComment: { command: { type: 'editComment', comment, body: 'x' }, answer: 'unknownComment', may: discussants, muted: 'muted' },
  withdrawComment: {
    command: { type: 'withdrawComment', comment },
    answer: 'unknownComment',
    may: [...discussants, 'observer', 'muted'],
  },
  supportComment: { command: { type: 'supportComment', comment }, answer: 'unknownComment', may: supporters, muted: 'muted' },
  endSupport: { command: { type: 'endSupport', comment }, answer: 'unknownComment', may: supporters, muted: 'muted' },
  resolveComment: { command: { type: 'resolveComment', comment }, answer: 'unknownComment', may: discussants, muted: 'muted' },
  reopenComment: { command: { type: 'reopenComment', comment }, answer: 'unknownComment', may: discussants, muted: 'muted' },
  hideComment: { command: { type: 'hideComment', comment, reason }, answer: 'unknownComment', may: chair },
  restoreComment: { command: { type: 'restoreComment', comment }, answer: 'unknownComment', may: chair },
  pauseRoom: { command: { type: 'pauseRoom' }, answer: 'ok', may: chair },
  resumeRoom: { command: { type: 'resumeRoom' }, answer: 'alreadySo', may: chair },
  scheduleRoom: { command: { type: 'scheduleRoom', startsAt: null }, answer: 'alreadySo', may: chair },
  archiveRoom: { command: { type: 'archiveRoom' }, answer: 'ok', may: chair },
  unarchiveRoom: { command: { type: 'unarchiveRoom' }, answer: 'alreadySo', may: chair },
  deleteRoom: { command: { type: 'deleteRoom' }, answer: 'ok', may: chair },
  undoDeletion: { command: { type: 'undoDeletion' }, answer: 'alreadySo', may: chair },
  removeFile: { command: { type: 'removeFile', fileId: 'none' }, answer: 'unknownFile', may: desk },
  createDraft: { command: { type: 'createDraft', title: ' ' }, answer: 'emptyText', may: desk },
  renameDraft: { command: { type: 'renameDraft', draftId: 'none', title: 'x' }, answer: 'unknownDraft', may: desk },
  numberClauses: { command: { type: 'numberClauses', draftId: 'none', clauses: [] }, answer: 'unknownDraft', may: chair },
  nameVersion: { command: { type: 'nameVersion', draftId: 'none', label: 'x' }, answer: 'unknownDraft', may: desk },
  recordSpeech: { command: { type: 'recordSpeech', speakerId: participantId, body: 'x' }, answer: 'unknownParticipant', may: desk },
  publishComment: { command: { type: 'publishComment', comment }, answer: 'unknownComment', may: chair },
  makeSuggestion: { command: { type: 'makeSuggestion', ask: ' ' }, answer: 'emptyText', may: discussants, muted: 'muted' },
  gatherSuggestion: { command: { type: 'gatherSuggestion', ask: ' ', sources: [] }, answer: 'emptyText', may: desk, ...mayOwn },
  rewordSuggestion: {
    command: { type: 'rewordSuggestion', suggestion: 999, ask: 'x' },
    answer: 'unknownSuggestion',
    may: desk,
    ...mayOwnKnown,
  },
  addSource: {
    command: { type: 'addSource', suggestion: 999, source: { kind: 'comment', comment } },
    answer: 'unknownSuggestion',
    may: desk,
    ...mayOwnKnown,
  },
  confirmSuggestion: {
    command: { type: 'confirmSuggestion', suggestion: 999 },
    answer: 'unknownSuggestion',
    may: everybody,
    muted: 'muted',
  },
  disputeSuggestion: {
    command: { type: 'disputeSuggestion', suggestion: 999 },
    answer: 'unknownSuggestion',
    may: everybody,
    muted: 'muted',
  },
  mergeSuggestion: { command: { type: 'mergeSuggestion', suggestion: 999, into: 998 }, answer: 'unknownSuggestion', may: desk },
  undoMerge: { command: { type: 'undoMerge', suggestion: 999 }, answer: 'unknownSuggestion', may: desk },
  splitSuggestion: {
    command: { type: 'splitSuggestion', suggestion: 999, parts: [] },
    answer: 'unknownSuggestion',
    may: desk,
    ...mayOwnKnown,
  },
  dropSuggestion: { command: { type: 'dropSuggestion', suggestion: 999 }, answer: 'unknownSuggestion', may: desk, ...mayOwnKnown },
  relistSuggestion: { command: { type: 'relistSuggestion', suggestion: 999 }, answer: 'unknownSuggestion', may: desk, ...mayOwnKnown },
  supportSuggestion: {
    command: { type: 'supportSuggestion', suggestion: 999 },
    answer: 'unknownSuggestion',
    may: supporters,
    muted: 'muted',
  },
  endSuggestionSupport: {
    command: { type: 'endSuggestionSupport', suggestion: 999 },
    answer: 'unknownSuggestion',
    may: supporters,
    muted: 'muted',
  },
  eraseText: {
    command: { type: 'eraseText', of: { kind: 'comment', comment }, reason },
    answer: 'unknownComment',
    may: [...discussants, 'observer', 'muted'],
  },
};
/** What undoes a command that was accepted. */
const undo: Partial<Record<Type, Command>> = {
  closeCommenting: { type: 'openCommenting' },
  closeRoom: { type: 'reopenRoom' },
  pauseRoom: { type: 'resumeRoom' },
  archiveRoom: { type: 'unarchiveRoom' },
  deleteRoom: { type: 'undoDeletion' },
};

function expectedOf(row: Row): Record<string, string> {
  return Object.fromEntries(
    inside.map((kind) => {
      if (row.may.includes(kind === 'linked' ? 'member' : kind)) return [kind, row.answer];
      if (kind === 'muted') return [kind, row.muted ?? 'notAllowed'];
      return [kind, kind === 'member' || kind === 'linked' || kind === 'guest' ? (row.own ?? 'notAllowed') : 'notAllowed'];
    }),
  );
}

let house: House;
const clients = new Map<Kind, RoomClient>();
beforeAll(async () => {
  house = await furnish();
  for (const kind of kinds) clients.set(kind, clientOf(house, house.credentials(kind)));
});
afterAll(async () => {
  for (const client of clients.values()) client.close();
  await house.server.dispose();
});
async function comeBack(kind: Kind): Promise<void> {
  clientFor(kind).close();
  const client = clientOf(house, house.credentials(kind));
  await client.join();
  clients.set(kind, client);
}
const clientFor = (kind: Kind): RoomClient => {
  const client = clients.get(kind);
  if (client === undefined) throw new Error(kind);
  return client;
};
const logNow = (): string => logDigest(house.server.dataDir);

describe('[DOOR4] [DOOR5] who may what in a room, over the wire', () => {
  test('every message and every command has a row', () => {
    expect(Object.keys(messages)).toEqual(['room:join', 'command:send', 'room:catchup', 'presence:set']);
    expect(Object.keys(rows).sort()).toEqual(commandSchema.options.map((option) => option.shape.type.value).sort());
  });

  test('room:join, and nothing before it', async () => {
    const before = logNow();
    const got: Record<string, string> = {};
    for (const kind of kinds) {
      const client = clientFor(kind);
      expect(await outcomeOf(client, { type: 'postComment', body: 'before joining' }), kind).toBe('notFound');
      const catchUp = await client.socket.emitWithAck('room:catchup', { after: 0 });
      expect(catchUp, kind).toEqual({ ok: false, rejection: { code: 'notFound' } });
      client.socket.emit('presence:set', { typing: 'comment' });
      const answer = await client.tryJoin();
      got[kind] = answer.ok ? 'ok' : answer.rejection.code;
      if (answer.ok) client.joined = answer;
      else expect(Object.keys(answer).sort(), kind).toEqual(['ok', 'rejection']);
    }
    expect(got).toEqual(joining);
    expect(logNow()).toBe(before);
  });

  test('another version is asked to reload, whoever it is', async () => {
    for (const kind of ['stranger', 'moderator'] as const) {
      const client = clientOf(house, house.credentials(kind));
      const answer = await client.socket.emitWithAck('room:join', { v: PROTOCOL_VERSION + 1, roomId: house.roomId });
      expect(answer).toEqual({ ok: false, rejection: { code: 'reloadNeeded' } });
      client.close();
    }
  });

  test('room:catchup gives the log to who is inside', async () => {
    for (const kind of inside) {
      const answer = await clientFor(kind).socket.emitWithAck('room:catchup', { after: 0 });
      expect(answer.ok, kind).toBe(true);
    }
    for (const kind of kinds.filter((kind) => !inside.includes(kind))) {
      const answer = await clientFor(kind).socket.emitWithAck('room:catchup', { after: 0 });
      expect(answer, kind).toEqual({ ok: false, rejection: { code: 'notFound' } });
    }
  });

  test('presence:set shows who has a seat, and nobody else', async () => {
    const watcher = clientOf(house, house.credentials('moderator'));
    const joined = await watcher.tryJoin();
    const here = joined.ok ? joined.presence.here.map((entry) => entry.participantId) : [];
    const seats = (['guest', 'observer', 'member', 'recorder', 'moderator', 'muted', 'linked'] as const).map(
      (kind) => house.participants[kind] ?? '',
    );
    const programOfReader = clientFor('reader').joined?.you.participantId ?? '';
    expect([...here].sort()).toEqual([...seats, programOfReader].sort());
    expect(joined.ok && joined.presence.watching).toBe(0);
    watcher.close();
  });

  test.each(Object.values(rows).map((row) => [row.command.type, row as Row] as const))('%s', async (type, row) => {
    const before = logNow();
    const got: Record<string, string> = {};
    for (const kind of inside.filter((kind) => expectedOf(row)[kind] !== 'ok')) got[kind] = await outcomeOf(clientFor(kind), row.command);
    for (const kind of kinds.filter((kind) => !inside.includes(kind))) {
      // Who cannot join is sent away after a while: somebody new each time.
      const client = clientOf(house, house.credentials(kind));
      expect(await outcomeOf(client, row.command), kind).toBe('notFound');
      client.close();
    }
    expect(logNow(), 'the log after what was refused').toBe(before);
    for (const kind of inside.filter((kind) => expectedOf(row)[kind] === 'ok')) {
      got[kind] = await outcomeOf(clientFor(kind), row.command);
      const back = undo[type];
      if (back !== undefined) expect(await outcomeOf(clientFor(kind), back)).toBe('ok');
      // Everybody else was sent out of the deleted room.
      if (type === 'deleteRoom') for (const other of inside.filter((one) => one !== kind)) await comeBack(other);
      // A closed room's text is sealed a moment later, by the system.
      const sealed = () => roomLog(house.server.dataDir, house.roomId).some(({ types }) => types.includes('draft.revisionSealed'));
      if (type === 'closeRoom') await until(sealed, 'the seal');
    }
    expect(got).toEqual(expectedOf(row));
  });

  test('what only the system does, nobody can ask for', async () => {
    const before = logNow();
    const client = clientFor('moderator');
    const seal = { type: 'sealRevision', draftId: house.draftId, lineage: 'x', ordinal: 1, logDigest: 'x', contentHash: 'x' };
    const admit = { type: 'admitParticipant', participantId: 'friend', role: 'moderator', via: 'invitation' };
    const create = {
      type: 'createRoom',
      creatorId: house.participants.moderator ?? '',
      title: 'x',
      question: '',
      background: '',
      settings,
    };
    for (const command of [seal, admit, create]) expect(await outcomeOf(client, command), command.type).toBe('malformed');
    expect(logNow()).toBe(before);
  });

  test('[COM3] another one’s comment is edited and withdrawn by nobody, the moderator neither', async () => {
    const member = clientFor('member');
    await member.act({ type: 'postComment', body: 'mine' });
    const before = logNow();
    for (const kind of ['guest', 'recorder', 'moderator'] as const) {
      expect(await outcomeOf(clientFor(kind), { type: 'editComment', comment: 1, body: 'yours' }), kind).toBe('notYours');
    }
    for (const kind of ['guest', 'observer', 'recorder', 'moderator', 'muted'] as const) {
      expect(await outcomeOf(clientFor(kind), { type: 'withdrawComment', comment: 1 }), kind).toBe('notYours');
    }
    expect(await outcomeOf(member, { type: 'supportComment', comment: 1 })).toBe('notAllowed');
    expect(logNow()).toBe(before);
  });

  test('a viewer of a public room can do nothing in it, with or without an account', async () => {
    const before = logNow();
    for (const kind of ['stranger', 'member', 'moderator'] as const) {
      const client = clientOf(house, house.credentials(kind), house.otherRoomId);
      await client.join();
      expect(client.joined?.you).toMatchObject({ participantId: null, role: null, audience: 'everyone' });
      for (const { command } of Object.values(rows))
        expect(await outcomeOf(client, command), `${kind} ${command.type}`).toBe('signInNeeded');
      client.close();
    }
    expect(logNow()).toBe(before);
  });

  test('nobody speaks as somebody else: an author in the payload is malformed', async () => {
    const before = logNow();
    const author = house.participants.moderator ?? '';
    for (const field of ['authorId', 'actorId', 'participantId', 'at', 'number']) {
      expect(await outcomeOf(clientFor('member'), { type: 'postComment', body: 'x', [field]: author }), field).toBe('malformed');
    }
    const answer = await clientFor('member').socket.emitWithAck('command:send', {
      commandId: freshCommandId(),
      command: { type: 'postComment', body: 'x' },
      actorId: author,
    } as never);
    expect(answer).toMatchObject({ ok: false, rejection: { code: 'malformed' } });
    expect(logNow()).toBe(before);
  });
});
