import type { RoomCommand } from '#shared/domain/facts.ts';
import { DraftSocketClient } from '../integration/draftSocket.ts';
import { accountOf, invited, RoomClient, suspend, until, Visitor } from '../support/people.ts';
import { draftLog, roomLog } from '../support/storedLogs.ts';
import { ServerProcess } from '../support/serverProcess.ts';
import { openPaces } from './doors/guarded.ts';
import { openHall } from './doors/hall.ts';
import type { Hall } from './doors/hall.ts';
import type { Row, Scale } from './row.ts';
import { randomOf } from '../support/random.ts';

/*
 * Rights and sign-ins that end while somebody types and comments without a pause, or is just coming back. The invariant is read from
 * the log alone: nothing of his stands behind the revocation, and nothing at all that he said after it was acknowledged. Then the same
 * with the person at another process on the same store than the one where his right ends: it finds out by looking into the log. A
 * sign-in is no event of it, so there what he says until he is told counts.
 */

export const timeoutMs = 30 * 60_000;
/** Rounds; how two processes are with each other is tried within `npm test` elsewhere (twoProcesses.test.ts). */
const counts: Readonly<Record<Scale, { readonly one: number; readonly two: number }>> = {
  slice: { one: 12, two: 0 },
  ci: { one: 200, two: 36 },
  nightly: { one: 500, two: 240 },
};
const toldTargetMs = { one: 1_000, two: 2_000 };
const reason = { code: 'disruption' } as const;
const password = 'correct horse battery';

/** A way to lose what one had, and how it is made good again; `seq` where an event of the log ends it. */
interface Way {
  readonly end: (who: Busy, hall: Hall) => Promise<number | null>;
  readonly undo?: (who: Busy) => RoomCommand;
}
const byEvent = (command: (who: Busy) => RoomCommand, undo: (who: Busy) => RoomCommand): Way => ({
  end: (who, hall) => hall.chair.act(command(who)),
  undo,
});
const ways: Readonly<Record<string, Way>> = {
  demoted: byEvent(
    ({ id }) => ({ type: 'changeRole', participantId: id, role: 'observer' }),
    ({ id }) => ({ type: 'changeRole', participantId: id, role: 'member' }),
  ),
  muted: byEvent(
    ({ id }) => ({ type: 'muteParticipant', participantId: id, reason }),
    ({ id }) => ({ type: 'unmuteParticipant', participantId: id }),
  ),
  removed: byEvent(
    ({ id }) => ({ type: 'removeParticipant', participantId: id, reason }),
    ({ id }) => ({ type: 'readmitParticipant', participantId: id }),
  ),
  'account suspended': {
    end: async ({ home }, hall) => {
      await suspend(hall.ana, await accountOf(home));
      const commits = roomLog(hall.guarded.dataDir, hall.roomOf('editor').roomId);
      return commits.findLast(({ types }) => types.includes('participant.suspended'))?.seq ?? 0;
    },
  },
  'signed out': {
    end: async ({ home }) => {
      await home.ok('DELETE', '/api/session');
      return null;
    },
  },
  'password changed': {
    end: async ({ home }) => {
      // The person himself stays in, under a new session; whoever has the old one is out.
      const own = Object.assign(new Visitor(home.base), { cookie: home.cookie });
      await own.ok('PUT', '/api/me/password', { current: password, next: password });
      return null;
    },
  },
  'link withdrawn': {
    end: async ({ id }, hall) => {
      await hall.ana.ok('DELETE', `/api/rooms/${hall.roomOf('editor').roomId}/roster/${id}/link`);
      return null;
    },
  },
};

/** Somebody who types, comments and, in half the rounds, comes and goes, until he is told to stop. Every word has a number. */
class Busy {
  readonly id: string;
  /** The same person where he came in, and where he sits. */
  readonly home: Visitor;
  readonly visitor: Visitor;
  word = 0;
  readonly #hall: Hall;
  readonly #round: number;
  readonly #restless: boolean;
  #room: RoomClient;
  #draft: DraftSocketClient;
  #speaks = true;
  #heard = { words: false, comments: 0 };
  #stop = false;
  #working: Promise<void> = Promise.resolve();

  private constructor(
    hall: Hall,
    home: Visitor,
    visitor: Visitor,
    id: string,
    round: number,
    restless: boolean,
    room: RoomClient,
    draft: DraftSocketClient,
  ) {
    this.#hall = hall;
    this.home = home;
    this.visitor = visitor;
    this.id = id;
    this.#round = round;
    this.#restless = restless;
    this.#room = room;
    this.#draft = draft;
    this.#follow(room);
  }

  /** Lets somebody who came in at the hall's server sit down at the one with this address. */
  static async arrive(hall: Hall, home: Visitor, base: string, round: number, restless: boolean): Promise<Busy> {
    const { roomId } = hall.roomOf('editor');
    const visitor = Object.assign(new Visitor(base), { cookie: home.cookie });
    const room = await visitor.join(roomId);
    const id = room.joined?.you.participantId ?? '';
    const draft = await (await Busy.#draftOf(hall, visitor).settled()).synced();
    const busy = new Busy(hall, home, visitor, id, round, restless, room, draft);
    busy.#working = busy.#work();
    await until(() => busy.word >= 5, 'the first words');
    return busy;
  }

  static #draftOf(hall: Hall, visitor: Visitor): DraftSocketClient {
    const { roomId, draftId } = hall.roomOf('editor');
    return new DraftSocketClient(visitor.base, { cookie: visitor.cookie ?? '' }, `${roomId}/${draftId}`);
  }

  /** Whether the draft's door still takes his words. */
  get writes(): boolean {
    return this.#draft.closed === null && this.#draft.standing?.write === true;
  }

  /** Whether something of both kinds was acknowledged to him: else nothing could be behind anything. */
  get wasHeard(): boolean {
    return this.#heard.words && this.#heard.comments >= 2;
  }

  /** Whether the room's door may still take what he says. */
  get speaks(): boolean {
    return this.#speaks;
  }

  #follow(room: RoomClient): void {
    const over = (): void => {
      if (this.#room === room) this.#speaks = false;
    };
    room.socket.on('room:ended', over);
    room.socket.on('disconnect', over);
  }

  /** Whether the room's door has told him: the commit that ends his right is there, or the line is not. */
  roomKnows(seq: number): boolean {
    const { socket, commits, joined } = this.#room;
    return !socket.connected || (joined?.head.seq ?? 0) >= seq || commits.some((commit) => commit.seq >= seq);
  }

  async #work(): Promise<void> {
    while (!this.#stop) {
      this.word += 1;
      const mark = `r${String(this.#round)}w${String(this.word)}.`;
      this.#draft.sendUpdate(this.#draft.typed(mark));
      this.#room.send({ type: 'postComment', body: mark }, `revoke-${String(this.#round)}-${String(this.word)}`).then(
        ({ ok }) => (this.#heard.comments += ok ? 1 : 0),
        () => undefined,
      );
      this.#heard.words ||= this.#draft.saved > 0;
      await new Promise((resolve) => setTimeout(resolve, 2));
      if (this.#restless && this.word % 12 === 0) await this.#comeBack();
    }
  }

  /** Drops both lines and opens them again: what comes over the new ones may be on its way when the right ends. */
  async #comeBack(): Promise<void> {
    const { roomId } = this.#hall.roomOf('editor');
    this.#room.close();
    this.#draft.close();
    this.#room = new RoomClient(this.visitor.base, this.visitor.cookie, roomId);
    this.#draft = Busy.#draftOf(this.#hall, this.visitor);
    // He does not wait to be told that he may.
    const room = this.#room;
    this.#speaks = true;
    this.#follow(room);
    room.tryJoin().then(
      (answer) => {
        if (this.#room === room && (!answer.ok || answer.you.participantId === null)) this.#speaks = false;
      },
      () => undefined,
    );
    await this.#draft.settled();
    await this.#draft.synced();
  }

  /** Goes on for so many words, then stops and leaves. */
  async goesOn(words: number): Promise<void> {
    const last = this.word + words;
    await until(() => this.word >= last, 'more words', 60_000);
    this.#stop = true;
    await this.#working;
    this.#room.close();
    this.#draft.close();
  }
}

/** A person with a personal link of a roster, as the link's withdrawal needs one; anybody else has an account. */
async function somebody(hall: Hall, way: string, round: number): Promise<Visitor> {
  const { roomId } = hall.roomOf('editor');
  if (way !== 'link withdrawn') return invited(hall.ana, roomId, 'member', `busy-${String(round)}`);
  const listed = await hall.ana.ok<{ people: { participantId: string }[] }>('POST', `/api/rooms/${roomId}/roster`, {
    people: [{ displayName: `Busy ${String(round)}`, role: 'member' }],
  });
  const { slips } = await hall.ana.ok<{ slips: { path: string }[] }>('POST', `/api/rooms/${roomId}/slips`, {
    participantIds: listed.people.map(({ participantId }) => participantId),
  });
  const visitor = new Visitor(hall.guarded.url);
  await visitor.ok('POST', '/api/personal-links/follow', { secret: slips[0]?.path.split('#')[1] ?? '' });
  return visitor;
}

/** Each round invites somebody. */
const limits = { ...openPaces, invitationsPerRoom: 10_000 };

export async function run(scale: Scale, seed: number): Promise<readonly Row[]> {
  const hall = await openHall(limits);
  try {
    const rows = [await rounds(hall, null, counts[scale].one, seed)];
    if (counts[scale].two > 0) {
      const second = await ServerProcess.start({ beside: hall.guarded.process, env: { LIMITS: JSON.stringify(limits) } });
      try {
        rows.push(await rounds(hall, second, counts[scale].two, seed));
      } finally {
        await second.kill();
      }
    }
    return rows;
  } finally {
    await hall.dispose();
  }
}

/** So many rounds; where there is a `second` server on the store, people sit there. */
async function rounds(hall: Hall, second: ServerProcess | null, count: number, seed: number): Promise<Row> {
  const random = randomOf(seed);
  const base = (second ?? hall.guarded).url;
  const problems: string[] = [];
  const names = Object.keys(ways);
  let words = 0;
  let slowest = 0;
  let behind = 0;
  const { roomId, draftId } = hall.roomOf('editor');
  const { dataDir } = hall.guarded;
  await hall.guarded.beginsHere();
  for (let round = 0; round < count; round += 1) {
    const name = names[round % names.length] ?? '';
    const way = ways[name];
    const who = second === null ? round : counts.nightly.one + round;
    if (way === undefined) break;
    const busy = await Busy.arrive(hall, await somebody(hall, name, who), base, who, random(2) === 0);
    const first = busy.word + random(20);
    await until(() => busy.word >= first && busy.wasHeard, 'some words');
    const seq = await way.end(busy, hall);
    const acknowledgedAt = performance.now();
    let lastWord = busy.word;
    const barrier = draftLog(dataDir, draftId).findLast(({ kind }) => kind === 'barrier')?.ordinal ?? 0;
    // An event leaves him in the room, which tells him; without his sign-in he is out on both wires.
    await until(() => !busy.writes && (seq === null ? !busy.speaks : busy.roomKnows(seq)), `${name}: the word to both his sockets`);
    slowest = Math.max(slowest, performance.now() - acknowledgedAt);
    if (second !== null && seq === null) lastWord = busy.word;
    await busy.goesOn(25);
    words += busy.word;
    const commits = roomLog(dataDir, roomId).filter(({ actor_id }) => actor_id === busy.id);
    const entries = draftLog(dataDir, draftId).filter(({ actor_id }) => actor_id === busy.id);
    const late = [
      // An event ends the right: nothing with a later number needs it, and nothing stands behind the barrier.
      ...(seq === null ? [] : commits.filter((commit) => commit.seq > seq).map(({ command_id }) => command_id)),
      ...(seq === null ? [] : entries.filter(({ ordinal }) => ordinal > barrier).map(({ ordinal }) => `entry ${String(ordinal)}`)),
      // Whatever ended: nothing that was said after the answer is anywhere.
      ...commits.map(({ command_id }) => command_id).filter((id) => Number(id.split('-')[2]) > lastWord),
      ...wordsIn(entries)
        .filter((word) => word > lastWord)
        .map((word) => `word ${String(word)}`),
    ];
    behind += late.length;
    if (late.length > 0) problems.push(`round ${String(round)}, ${name}: ${late.slice(0, 3).join(', ')}`);
    if (entries.length === 0 || commits.length < 2) problems.push(`round ${String(round)}, ${name}: he wrote nothing at all`);
    if (way.undo !== undefined) await hall.chair.act(way.undo(busy));
  }
  const target = toldTargetMs[second === null ? 'one' : 'two'];
  // Like every time here: machines differ by a factor of ten, so only ten times as much fails.
  if (slowest > 10 * target) problems.push(`told only after ${slowest.toFixed(0)} ms`);
  const worst = await hall.guarded.worst();
  return {
    test: second === null ? 'T8' : 'T8 two processes',
    seed,
    done: `${count} rounds of ${names.join(', ')}${second === null ? '' : ', at another process'}, in half of them while coming back; ${words} words and as many comments`,
    lost: 0,
    doubled: 0,
    stallMs: Math.round(worst.stallMs),
    memoryMb: Math.round(worst.grownMb),
    passed: problems.length === 0,
    notes: `${problems.slice(0, 5).join('; ') || `${behind} behind the revocation`}; told at both doors after at most ${slowest.toFixed(0)} ms (target ${target})`,
  };
}

/** The numbers of the words that updates carry. */
function wordsIn(entries: readonly { readonly bytes: Uint8Array }[]): readonly number[] {
  return entries.flatMap(({ bytes }) =>
    [
      ...Buffer.from(bytes)
        .toString('latin1')
        .matchAll(/r\d+w(\d+)\./g),
    ].map(([, word]) => Number(word)),
  );
}
