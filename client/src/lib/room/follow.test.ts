import { describe, expect, test } from 'vitest';
import { eventDigest, sealCommit } from '#shared/domain/commit.ts';
import type { WireCommit } from '#shared/domain/commit.ts';
import type { Context } from '#shared/domain/decision.ts';
import { defaultLimits } from '#shared/domain/limits.ts';
import { decide, evolve } from '#shared/domain/room.ts';
import type { RoomCommand, RoomEvent } from '#shared/domain/facts.ts';
import { commentOf, emptyRoom } from '#shared/domain/state.ts';
import type { RoomState } from '#shared/domain/state.ts';
import { redactEvent } from '#shared/domain/visibility.ts';
import type { Audience } from '#shared/domain/visibility.ts';
import { follow } from './follow.ts';
import type { Held } from './follow.ts';
import { changesFor, muteReason } from './standing.ts';

/** A room whose log is written by deciding, as the server does, and read as one audience may read it today. */
class LoggedRoom {
  state: RoomState = emptyRoom();
  #ids = 0;
  readonly #log: { commit: ReturnType<typeof sealCommit>; events: readonly RoomEvent[] }[] = [];

  act(who: string, command: RoomCommand): this {
    const newId = () => `id${(this.#ids += 1)}`;
    const actor = who === 'system' ? ({ kind: 'system' } as const) : ({ kind: 'participant', id: who } as const);
    const context: Context = { actor, now: 1_000, newId, newSalt: () => newId().padStart(32, '0'), limits: defaultLimits };
    const decision = decide(this.state, command, context);
    if (!decision.ok) throw new Error(decision.rejection.code);
    const before = this.#log.at(-1)?.commit;
    const seq = this.#log.length + 1;
    const header = {
      stream: { kind: 'room', id: 'r1' } as const,
      seq,
      at: 1_000 + seq,
      actorId: who,
      commandId: `c${seq}`,
      commandMac: 'm',
      prevHash: before?.hash ?? '',
    };
    const commit = sealCommit(header, decision.events, context.newSalt);
    this.#log.push({ commit, events: decision.events });
    for (const event of decision.events) this.state = evolve(this.state, event, { seq, at: header.at, actorId: who });
    return this;
  }

  wire(audience: Audience = 'moderators'): WireCommit[] {
    return this.#log.map(({ commit, events }) => ({
      ...commit,
      events: commit.events.map(({ salt }, index) => {
        const whole = events[index] as RoomEvent;
        const digest = eventDigest(whole, salt);
        const event = redactEvent(whole, this.state, audience);
        return event === null ? { digest } : { digest, salt, event };
      }),
    }));
  }
}

const settings = { visibility: 'public', whoComments: 'members', guests: false } as const;
const nothing: Held = { state: emptyRoom(), head: { seq: 0, hash: '' } };
const ben = { participantId: 'ben', audience: 'participants' } as const;

function aRoom(): LoggedRoom {
  return new LoggedRoom()
    .act('ana', { type: 'createRoom', creatorId: 'ana', title: 'Parks', question: '', background: '', settings })
    .act('system', { type: 'admitParticipant', participantId: 'ben', role: 'member', via: 'invitation' })
    .act('ben', { type: 'postComment', body: 'first' })
    .act('ana', { type: 'postComment', body: 'answer', parent: 1 });
}

describe('following a room', () => {
  test('commits in any order and twice over give the state the server has', () => {
    const room = aRoom();
    const commits = room.wire();
    const followed = follow(nothing, [...commits, ...commits].toReversed(), ben);
    expect(followed.next).toBe('none');
    expect(followed.held.state).toEqual(room.state);
    expect(followed.held.head).toEqual({ seq: 4, hash: commits[3]?.hash });
    expect(followed.happened.map(({ event }) => event.type).slice(-2)).toEqual(['comment.posted', 'comment.posted']);
  });

  test('a missing seq stops it where it is, and what is fetched afterwards closes the gap', () => {
    const commits = aRoom().wire();
    const stopped = follow(nothing, [commits[0], commits[2], commits[3]] as WireCommit[], ben);
    expect(stopped.next).toBe('gap');
    expect(stopped.held.head.seq).toBe(1);
    expect(follow(stopped.held, commits, ben).held.head.seq).toBe(4);
  });

  test('a commit that does not continue the chain is not folded', () => {
    const commits = aRoom().wire();
    const forged = commits.map((commit) => (commit.seq === 3 ? { ...commit, actorId: 'ana' } : commit));
    const followed = follow(nothing, forged, ben);
    expect([followed.next, followed.broken, followed.held.head.seq]).toEqual(['reload', true, 2]);
  });

  test('words hidden from others leave the state at once, and the author keeps them apart', () => {
    const room = aRoom();
    const before = follow(nothing, room.wire('participants'), ben).held;
    room.act('ana', { type: 'hideComment', comment: 1, reason: { code: 'offTopic' } });
    const after = follow(before, room.wire('participants').slice(-1), ben);
    expect(commentOf(after.held.state, 1)?.body.text).toBe(undefined);
    expect(after.ownHidden.map(({ comment, body }) => [comment, body.text])).toEqual([[1, 'first']]);
    const other = follow(before, room.wire('participants').slice(-1), { participantId: 'cem', audience: 'participants' });
    expect(other.ownHidden).toEqual([]);
  });

  test('who joins while words are hidden folds them as they are; when they are restored a reload is asked for', () => {
    const room = aRoom().act('ana', { type: 'hideComment', comment: 1, reason: { code: 'offTopic' } });
    const joined = follow(nothing, room.wire('participants'), ben);
    expect(joined.next).toBe('none');
    expect(commentOf(joined.held.state, 1)?.status).toBe('hidden');
    room.act('ana', { type: 'restoreComment', comment: 1 });
    expect(follow(joined.held, room.wire('participants').slice(-1), ben).next).toBe('reload');
  });

  test('a moderator sees hidden words and needs no reload', () => {
    const room = aRoom().act('ana', { type: 'hideComment', comment: 1, reason: { code: 'offTopic' } });
    room.act('ana', { type: 'restoreComment', comment: 1 });
    const followed = follow(nothing, room.wire(), { participantId: 'ana', audience: 'moderators' });
    expect([followed.next, commentOf(followed.held.state, 1)?.body.text]).toEqual(['none', 'first']);
  });
});

describe('what changed for a person', () => {
  test('is told with who did it and why, but not of what he did himself', () => {
    const room = aRoom();
    const before = room.state;
    const draftId = [...before.drafts.keys()][0] ?? '';
    room
      .act('ana', { type: 'lockDraft', draftId })
      .act('ana', { type: 'closeCommenting' })
      .act('ana', { type: 'muteParticipant', participantId: 'ben', reason: { code: 'insult', note: 'twice' } });
    expect(changesFor(before, room.state, 'ben').map(({ kind, by }) => [kind, by])).toEqual([
      ['commentingClosed', 'ana'],
      ['locked', 'ana'],
      ['muted', 'ana'],
    ]);
    expect(muteReason(room.state, 'ben')?.note?.text).toBe('twice');
    expect(changesFor(before, room.state, 'ana')).toEqual([]);
    expect(changesFor(before, room.state, null).map(({ kind }) => kind)).toEqual(['commentingClosed', 'locked']);
  });

  test('a first state changes nothing', () => {
    expect(changesFor(emptyRoom(), aRoom().state, 'ben')).toEqual([]);
  });
});
