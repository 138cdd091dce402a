import { describe, expect, test } from 'vitest';
import type { Actor } from '#shared/domain/decision.ts';
import { anonymousActor, systemActor } from '#shared/domain/decision.ts';
import type { Role } from '#shared/domain/participants/roles.ts';
import { capabilities, capabilitiesOf, roles } from '#shared/domain/participants/roles.ts';
import type { RoomCommand } from '#shared/domain/facts.ts';
import { rules, whyNot } from '#shared/domain/rules.ts';
import { ana, ben, cai, olga, person, Scenario } from '../support/roomScenario.ts';

const reason = { code: 'offTopic' } as const;
const settings = { visibility: 'private', whoComments: 'members', guests: false } as const;
const actorOf: Record<Role | 'anonymous' | 'outsider', Actor> = {
  moderator: ana,
  recorder: cai,
  member: ben,
  observer: olga,
  anonymous: anonymousActor,
  outsider: person('nobody-here'),
};

const file = { type: 'addFile', fileId: 'f', name: 'Plan.pdf', contentType: 'application/pdf', bytes: 9, sha256: 'aa' } as const;
const gather = { type: 'gatherSuggestion', ask: 'Build ramps', sources: [{ kind: 'comment', comment: 1 }] } as const;
const gathered = (room: Scenario): Scenario => room.does(cai, gather);

/** Each command once, made so that nothing but a right can stand in its way for its author; and who may. */
const matrix: {
  readonly [T in RoomCommand['type']]: {
    readonly command: (room: Scenario) => Extract<RoomCommand, { type: T }>;
    readonly may: readonly Role[];
    readonly before?: (room: Scenario, actor: Actor) => unknown;
  };
} = {
  createRoom: {
    command: () => ({ type: 'createRoom', creatorId: 'ana', title: 'Another', question: '', background: '', settings }),
    may: [],
  },
  describeRoom: { command: () => ({ type: 'describeRoom', title: 'New', question: '', background: '' }), may: ['moderator'] },
  changeSettings: { command: () => ({ type: 'changeSettings', settings }), may: ['moderator'] },
  openCommenting: {
    command: () => ({ type: 'openCommenting' }),
    may: ['moderator'],
    before: (room) => room.does(ana, { type: 'closeCommenting' }),
  },
  closeCommenting: { command: () => ({ type: 'closeCommenting' }), may: ['moderator'] },
  closeRoom: { command: () => ({ type: 'closeRoom' }), may: ['moderator'] },
  reopenRoom: { command: () => ({ type: 'reopenRoom' }), may: ['moderator'], before: (room) => room.does(ana, { type: 'closeRoom' }) },
  admitParticipant: {
    command: () => ({ type: 'admitParticipant', participantId: 'dina', role: 'member', via: 'invitation' }),
    may: [],
  },
  changeRole: { command: () => ({ type: 'changeRole', participantId: 'zoe', role: 'observer' }), may: ['moderator'] },
  muteParticipant: { command: () => ({ type: 'muteParticipant', participantId: 'zoe', reason }), may: ['moderator'] },
  unmuteParticipant: {
    command: () => ({ type: 'unmuteParticipant', participantId: 'zoe' }),
    may: ['moderator'],
    before: (room) => room.does(ana, { type: 'muteParticipant', participantId: 'zoe', reason }),
  },
  removeParticipant: { command: () => ({ type: 'removeParticipant', participantId: 'zoe', reason }), may: ['moderator'] },
  readmitParticipant: {
    command: () => ({ type: 'readmitParticipant', participantId: 'zoe' }),
    may: ['moderator'],
    before: (room) => room.does(ana, { type: 'removeParticipant', participantId: 'zoe', reason }),
  },
  suspendParticipant: { command: () => ({ type: 'suspendParticipant', participantId: 'zoe' }), may: [] },
  resumeParticipant: {
    command: () => ({ type: 'resumeParticipant', participantId: 'zoe' }),
    may: [],
    before: (room) => room.does(systemActor, { type: 'suspendParticipant', participantId: 'zoe' }),
  },
  lockDraft: { command: (room) => ({ type: 'lockDraft', draftId: room.draftId }), may: ['moderator'] },
  unlockDraft: {
    command: (room) => ({ type: 'unlockDraft', draftId: room.draftId }),
    may: ['moderator'],
    before: (room) => room.does(ana, { type: 'lockDraft', draftId: room.draftId }),
  },
  sealRevision: {
    command: (room) => ({ type: 'sealRevision', draftId: room.draftId, lineage: 'l', ordinal: 1, logDigest: 'd', contentHash: 'h' }),
    may: [],
  },
  pauseRoom: { command: () => ({ type: 'pauseRoom' }), may: ['moderator'] },
  resumeRoom: { command: () => ({ type: 'resumeRoom' }), may: ['moderator'], before: (room) => room.does(ana, { type: 'pauseRoom' }) },
  scheduleRoom: { command: () => ({ type: 'scheduleRoom', startsAt: 99 }), may: ['moderator'] },
  archiveRoom: { command: () => ({ type: 'archiveRoom' }), may: ['moderator'] },
  unarchiveRoom: {
    command: () => ({ type: 'unarchiveRoom' }),
    may: ['moderator'],
    before: (room) => room.does(ana, { type: 'archiveRoom' }),
  },
  deleteRoom: { command: () => ({ type: 'deleteRoom' }), may: ['moderator'] },
  undoDeletion: { command: () => ({ type: 'undoDeletion' }), may: ['moderator'], before: (room) => room.does(ana, { type: 'deleteRoom' }) },
  addFile: { command: () => file, may: ['moderator', 'recorder'] },
  removeFile: {
    command: () => ({ type: 'removeFile', fileId: 'f' }),
    may: ['moderator', 'recorder'],
    before: (room) => room.does(ana, file),
  },
  createDraft: { command: () => ({ type: 'createDraft', title: 'Second' }), may: ['moderator', 'recorder'] },
  renameDraft: { command: (room) => ({ type: 'renameDraft', draftId: room.draftId, title: 'First' }), may: ['moderator', 'recorder'] },
  numberClauses: { command: (room) => ({ type: 'numberClauses', draftId: room.draftId, clauses: [[1, 2]] }), may: ['moderator'] },
  nameVersion: {
    command: (room) => ({ type: 'nameVersion', draftId: room.draftId, label: 'First reading' }),
    may: ['moderator', 'recorder'],
  },
  recordSpeech: { command: () => ({ type: 'recordSpeech', speakerId: 'zoe', body: 'Said aloud.' }), may: ['moderator', 'recorder'] },
  publishComment: {
    command: (room) => ({ type: 'publishComment', comment: room.state.comments.length }),
    may: ['moderator'],
    before: (room) => {
      const held = { visibility: 'public', whoComments: 'participants', guests: true, review: 'observers' } as const;
      room.does(ana, { type: 'changeSettings', settings: held }).admits('wei', 'observer').says(person('wei'), 'From the gallery');
    },
  },
  makeSuggestion: { command: () => ({ type: 'makeSuggestion', ask: 'Build ramps' }), may: ['moderator', 'recorder', 'member'] },
  gatherSuggestion: { command: () => gather, may: ['moderator', 'recorder'] },
  rewordSuggestion: {
    command: () => ({ type: 'rewordSuggestion', suggestion: 1, ask: 'Other words' }),
    may: ['moderator', 'recorder'],
    before: gathered,
  },
  addSource: {
    command: () => ({ type: 'addSource', suggestion: 1, source: { kind: 'comment', comment: 1 } }),
    may: ['moderator', 'recorder'],
    before: gathered,
  },
  confirmSuggestion: { command: () => ({ type: 'confirmSuggestion', suggestion: 1 }), may: [], before: gathered },
  disputeSuggestion: { command: () => ({ type: 'disputeSuggestion', suggestion: 1 }), may: [], before: gathered },
  mergeSuggestion: {
    command: () => ({ type: 'mergeSuggestion', suggestion: 1, into: 2 }),
    may: ['moderator', 'recorder'],
    before: (room) => gathered(room).does(ana, gather),
  },
  undoMerge: {
    command: () => ({ type: 'undoMerge', suggestion: 1 }),
    may: ['moderator', 'recorder'],
    before: (room) => gathered(room).does(ana, gather).does(ana, { type: 'mergeSuggestion', suggestion: 1, into: 2 }),
  },
  splitSuggestion: {
    command: () => ({ type: 'splitSuggestion', suggestion: 1, parts: [{ ask: 'One' }, { ask: 'Other' }] }),
    may: ['moderator', 'recorder'],
    before: gathered,
  },
  dropSuggestion: { command: () => ({ type: 'dropSuggestion', suggestion: 1 }), may: ['moderator', 'recorder'], before: gathered },
  relistSuggestion: {
    command: () => ({ type: 'relistSuggestion', suggestion: 1 }),
    may: ['moderator', 'recorder'],
    before: (room) => gathered(room).does(ana, { type: 'dropSuggestion', suggestion: 1 }),
  },
  supportSuggestion: { command: () => ({ type: 'supportSuggestion', suggestion: 1 }), may: ['moderator', 'member'], before: gathered },
  endSuggestionSupport: {
    command: () => ({ type: 'endSuggestionSupport', suggestion: 1 }),
    may: ['moderator', 'member'],
    before: (room, actor) => void gathered(room).tries(actor, { type: 'supportSuggestion', suggestion: 1 }),
  },
  eraseText: {
    command: (room) => ({ type: 'eraseText', of: { kind: 'comment', comment: room.state.comments.length } }),
    may: ['moderator', 'recorder', 'member'],
    before: (room, actor) => void room.tries(actor, { type: 'postComment', body: 'Own words' }),
  },
  erasePassage: {
    command: ({ draftId }) => ({ type: 'erasePassage', draftId, runs: [[7, 0, 3]], since: 1, until: null, lines: ['abc'], reason }),
    may: ['moderator'],
  },
  eraseParticipant: { command: () => ({ type: 'eraseParticipant', participantId: 'zoe', as: 'administrator', texts: true }), may: [] },
  postComment: { command: () => ({ type: 'postComment', body: 'Ramps, please.' }), may: ['moderator', 'recorder', 'member'] },
  editComment: {
    command: (room) => ({ type: 'editComment', comment: room.state.comments.length, body: 'Better.' }),
    may: ['moderator', 'recorder', 'member'],
    before: (room, actor) => void room.tries(actor, { type: 'postComment', body: 'Own words' }),
  },
  withdrawComment: {
    command: (room) => ({ type: 'withdrawComment', comment: room.state.comments.length }),
    may: ['moderator', 'recorder', 'member'],
    before: (room, actor) => void room.tries(actor, { type: 'postComment', body: 'Own words' }),
  },
  supportComment: { command: () => ({ type: 'supportComment', comment: 1 }), may: ['moderator', 'member'] },
  endSupport: {
    command: () => ({ type: 'endSupport', comment: 1 }),
    may: ['moderator', 'member'],
    before: (room, actor) => void room.tries(actor, { type: 'supportComment', comment: 1 }),
  },
  resolveComment: { command: () => ({ type: 'resolveComment', comment: 1 }), may: ['moderator', 'recorder', 'member'] },
  reopenComment: {
    command: () => ({ type: 'reopenComment', comment: 1 }),
    may: ['moderator', 'recorder', 'member'],
    before: (room) => room.does(ana, { type: 'resolveComment', comment: 1 }),
  },
  hideComment: { command: () => ({ type: 'hideComment', comment: 1, reason }), may: ['moderator'] },
  restoreComment: {
    command: () => ({ type: 'restoreComment', comment: 1 }),
    may: ['moderator'],
    before: (room) => room.does(ana, { type: 'hideComment', comment: 1, reason }),
  },
};

function prepared(): Scenario {
  return Scenario.room().admits('zoe', 'member').says(person('zoe'), 'The first word.');
}

describe('[PART1] every command, for every role', () => {
  for (const type of Object.keys(rules) as RoomCommand['type'][]) {
    for (const who of [...roles, 'anonymous', 'outsider'] as const) {
      const { command, may, before } = matrix[type];
      const allowed = (may as readonly string[]).includes(who);
      test(`${who} ${allowed ? 'may' : 'may not'} ${type}`, () => {
        const room = prepared();
        before?.(room, actorOf[who]);
        const events = room.log.length;
        const refused = room.tries(actorOf[who], command(room));
        if (allowed) expect(refused).toBeNull();
        else {
          expect(refused).not.toBeNull();
          expect(room.log).toHaveLength(events);
        }
      });
    }
  }
});

describe('[PART2] what a role holds can be withheld for a while', () => {
  const writing = ['comment:write', 'comment:support', 'draft:write', 'comment:resolve'] as const;

  test('a muted member reads and may take back his own, and writes nothing', () => {
    const room = prepared().says(ben, 'Mine').does(ana, { type: 'muteParticipant', participantId: 'ben', reason });
    for (const capability of writing) expect(whyNot(room.state, ben, capability)?.code).toBe('muted');
    expect(whyNot(room.state, ben, 'room:read')).toBeNull();
    expect(room.tries(ben, { type: 'withdrawComment', comment: 2 })).toBeNull();
  });

  test('nobody writes in a closed room, its moderator neither', () => {
    const room = prepared().does(ana, { type: 'closeRoom' });
    for (const capability of capabilities) {
      const kept = ['room:read', 'room:close', 'text:erase'].includes(capability);
      expect(whyNot(room.state, ana, capability)?.code ?? null, capability).toBe(kept ? null : 'roomClosed');
    }
  });

  test('nobody writes in a locked draft, its moderator neither', () => {
    const room = prepared();
    room.does(ana, { type: 'lockDraft', draftId: room.draftId });
    for (const actor of [ana, ben, cai]) expect(whyNot(room.state, actor, 'draft:write', room.draftId)?.code).toBe('draftLocked');
    expect(whyNot(room.state, olga, 'draft:write', room.draftId)?.code).toBe('notAllowed');
  });

  test('closed commenting stops comments and support, and leaves the draft open', () => {
    const room = prepared().does(ana, { type: 'closeCommenting' });
    expect(whyNot(room.state, ben, 'comment:write')?.code).toBe('commentingClosed');
    expect(whyNot(room.state, ben, 'comment:support')?.code).toBe('commentingClosed');
    expect(whyNot(room.state, ben, 'draft:write', room.draftId)).toBeNull();
  });

  test('observers with a seat comment only where the room says so', () => {
    const room = prepared();
    expect(room.tries(olga, { type: 'postComment', body: 'May I?' })).toBe('notAllowed');
    room.does(ana, { type: 'changeSettings', settings: { visibility: 'public', whoComments: 'participants', guests: true } });
    expect(room.tries(olga, { type: 'postComment', body: 'Thank you.' })).toBeNull();
    expect(whyNot(room.state, olga, 'draft:write', room.draftId)?.code).toBe('notAllowed');
  });

  test('a removed person reads a public room as anybody does, and no other', () => {
    const room = prepared().does(ana, { type: 'removeParticipant', participantId: 'ben', reason });
    expect(whyNot(room.state, ben, 'room:read')).toBeNull();
    expect(whyNot(room.state, ben, 'comment:write')?.code).toBe('removed');
    room.does(ana, { type: 'changeSettings', settings });
    expect(whyNot(room.state, ben, 'room:read')?.code).toBe('removed');
  });

  test('a private room is not there for strangers', () => {
    const room = prepared().does(ana, { type: 'changeSettings', settings });
    expect(whyNot(room.state, anonymousActor, 'room:read')?.code).toBe('signInNeeded');
    expect(whyNot(room.state, person('stranger'), 'room:read')?.code).toBe('notAllowed');
  });

  test('the last active moderator cannot be muted, removed or made something else', () => {
    const room = prepared();
    expect(room.tries(ana, { type: 'changeRole', participantId: 'ana', role: 'member' })).toBe('lastModerator');
    expect(room.tries(ana, { type: 'muteParticipant', participantId: 'ana', reason })).toBe('lastModerator');
    expect(room.tries(ana, { type: 'removeParticipant', participantId: 'ana', reason })).toBe('lastModerator');
    room.does(ana, { type: 'changeRole', participantId: 'ben', role: 'moderator' });
    expect(room.tries(ana, { type: 'changeRole', participantId: 'ana', role: 'member' })).toBeNull();
  });

  test('the system records; it is in nobody’s role', () => {
    const room = prepared();
    expect(whyNot(room.state, systemActor, 'draft:write', room.draftId)).toBeNull();
    expect(Object.keys(capabilitiesOf)).toEqual([...roles]);
  });
});

describe('[SUS3] a suspended account', () => {
  test.each(roles)('%s may do nothing but read what everybody may, and afterwards what he could before', (role) => {
    const room = prepared().admits('dina', role);
    const dina = person('dina');
    const rightsOf = () => capabilities.filter((capability) => whyNot(room.state, dina, capability) === null);
    const before = rightsOf();
    room.does(systemActor, { type: 'suspendParticipant', participantId: 'dina' });
    expect(rightsOf()).toEqual(['room:read']);
    expect(whyNot(room.state, dina, 'comment:write')).toEqual({ code: 'accountSuspended' });
    room.does(ana, { type: 'changeSettings', settings });
    expect(rightsOf()).toEqual([]);
    room.does(systemActor, { type: 'resumeParticipant', participantId: 'dina' });
    room.does(ana, { type: 'changeSettings', settings: { visibility: 'public', whoComments: 'members', guests: true } });
    expect(rightsOf()).toEqual(before);
    expect(room.state.participants.get('dina')).toEqual({ id: 'dina', role, standing: 'active', joinedAt: expect.any(Number) as number });
  });

  test('[SUS5] what the room decided about him stays decided', () => {
    const room = prepared().does(ana, { type: 'muteParticipant', participantId: 'zoe', reason });
    room.does(systemActor, { type: 'suspendParticipant', participantId: 'zoe' });
    expect(room.tries(systemActor, { type: 'suspendParticipant', participantId: 'zoe' })).toBe('alreadySo');
    room.does(ana, { type: 'removeParticipant', participantId: 'zoe', reason });
    room.does(systemActor, { type: 'resumeParticipant', participantId: 'zoe' });
    expect(room.state.participants.get('zoe')?.standing).toBe('removed');
    expect(room.tries(systemActor, { type: 'resumeParticipant', participantId: 'zoe' })).toBe('alreadySo');
  });

  test('[PART3] a moderator whose account is suspended is not the one a room keeps', () => {
    const room = prepared().admits('dina', 'moderator').does(systemActor, { type: 'suspendParticipant', participantId: 'dina' });
    expect(room.tries(ana, { type: 'changeRole', participantId: 'ana', role: 'member' })).toBe('lastModerator');
  });
});
