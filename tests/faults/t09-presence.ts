import { presenceFrame } from '#server/drafts/frames.ts';
import { DraftSocketClient } from '../integration/draftSocket.ts';
import { until } from '../support/people.ts';
import { logDigest } from '../support/storedLogs.ts';
import { openHall, roles } from './doors/hall.ts';
import type { Hall, Role } from './doors/hall.ts';
import type { Row, Scale } from './row.ts';
import { randomOf } from '../support/random.ts';

/* Presence in the name of others, from every kind of person: shown to nobody, removes nobody. */

const counts: Readonly<Record<Scale, number>> = { slice: 120, ci: 1_000, nightly: 20_000 };

interface Line {
  readonly clientId: number;
  readonly clock: number;
  readonly state: string;
}
type Forge = (victims: readonly number[], own: number, random: (below: number) => number) => readonly Line[];

/** The mark that nobody may ever be shown. */
const mark = 'FORGED';
const pick = (victims: readonly number[], random: (below: number) => number): number => victims[random(victims.length)] ?? 0;
const forgeries: Readonly<Record<string, Forge>> = {
  'the state of another': (victims, _own, random) => [
    { clientId: pick(victims, random), clock: 5 + random(1000), state: `{"cursor":"${mark}"}` },
  ],
  'the end of another': (victims, _own, random) => [{ clientId: pick(victims, random), clock: 5 + random(1000), state: 'null' }],
  'the end of everybody': (victims) => victims.map((clientId) => ({ clientId, clock: 2 ** 30, state: 'null' })),
  'a huge clock': (_victims, own) => [{ clientId: own, clock: 2 ** 40, state: `{"cursor":"${mark}"}` }],
  'a huge clock of another': (victims, _own, random) => [
    { clientId: pick(victims, random), clock: 2 ** 31 - 1, state: `{"cursor":"${mark}"}` },
  ],
  'three kilobytes': (_victims, own) => [{ clientId: own, clock: 3, state: `{"cursor":"${mark}${'x'.repeat(3_000)}"}` }],
  'no object': (_victims, own) => [{ clientId: own, clock: 3, state: `["${mark}"]` }],
  'a prototype': (_victims, own) => [{ clientId: own, clock: 3, state: `{"__proto__":{"cursor":"${mark}"}}` }],
  'more ids than a socket has': (_victims, own) =>
    Array.from({ length: 8 }, (_, n) => ({ clientId: own + n, clock: 1, state: `{"cursor":"${n < 4 ? 'own' : mark}"}` })),
  'two thousand ids': (_victims, own) =>
    Array.from({ length: 2_000 }, (_, n) => ({ clientId: own + n, clock: 1, state: `{"cursor":"${n < 4 ? 'own' : mark}"}` })),
};

export async function run(scale: Scale, seed: number): Promise<Row> {
  const random = randomOf(seed);
  const hall = await openHall();
  const problems: string[] = [];
  const count = counts[scale];
  try {
    const victims = await seatedVictims(hall, 3);
    const watcher = await hall.draftAs('observer').settled();
    await watcher.synced();
    const ids = victims.map(({ doc }) => doc.clientID);
    await until(() => ids.every((id) => watcher.presence.has(id)), 'everybody at the watcher');
    const before = logDigest(hall.guarded.dataDir);
    await hall.guarded.beginsHere();
    let sent = 0;
    let closedAfter = 0;
    let mostShown = 0;
    let own = 3_000_000_000;
    const names = Object.keys(forgeries);
    while (sent < count) {
      const role: Role = roles[random(roles.length)] ?? 'editor';
      const client = await hall.draftAs(role).settled();
      let mine = 0;
      for (let n = 0; n < 6 && client.closed === null; n += 1) {
        const name = names[random(names.length)] ?? '';
        client.send(presenceFrame(forgeries[name]?.(ids, (own += 3_000) % 2 ** 32, random) ?? []));
        sent += 1;
        mine += 1;
        // The answer to a proper question comes behind what was said before it.
        const answered = client.stepTwos;
        await Promise.all([client.synced(), until(() => client.stepTwos > answered || client.closed !== null, 'an answer')]);
        mostShown = Math.max(mostShown, watcher.presence.size);
        const shown = JSON.stringify([...watcher.presence.values(), ...victims.flatMap(({ presence }) => [...presence.values()])]);
        if (shown.includes(mark)) problems.push(`shown: ${name} by ${role}`);
        for (const id of ids) if (!watcher.presence.has(id)) problems.push(`removed: ${name} by ${role}`);
      }
      if (client.closed !== null) {
        if (client.closed !== 4429) problems.push(`${role} closed with ${String(client.closed)}`);
        if (mine > 3) problems.push(`${role} closed after ${String(mine)}`);
        closedAfter += 1;
      } else if (role === 'editor' && mine > 3) problems.push('an editor who forged again and again stayed');
      client.ws.terminate();
      if (problems.length > 5) break;
    }
    // Still himself, to whoever comes now.
    const late = await hall.draftAs('anonymous').settled();
    await until(() => ids.every((id) => late.presence.has(id)), 'everybody at who comes late');
    const anaId = hall.chair.joined?.you.participantId;
    for (const id of ids) {
      const { user } = late.presence.get(id) as { user?: { id?: string } };
      if (user?.id !== anaId) problems.push(`a victim is shown as ${String(user?.id)}`);
    }
    if (logDigest(hall.guarded.dataDir) !== before) problems.push('the log changed');
    const sockets = victims.length + 2;
    if (mostShown > 4 * sockets) problems.push(`${mostShown} states of ${sockets} sockets`);
    const worst = await hall.guarded.worst();
    for (const one of [...victims, watcher, late]) one.close();
    return {
      test: 'T9',
      seed,
      done: `${sent} forged presence frames of ${names.length} kinds, as ${roles.join(', ')}`,
      lost: 0,
      doubled: 0,
      stallMs: Math.round(worst.stallMs),
      stallTargetMs: 100,
      memoryMb: Math.round(worst.grownMb),
      memoryTargetMb: 40,
      passed: problems.length === 0,
      notes:
        problems.slice(0, 6).join('; ') ||
        `0 shown, 0 removed, ${closedAfter} forgers closed by their third, at most ${mostShown} states at once`,
    };
  } finally {
    await hall.dispose();
  }
}

/** People with a word of their own and a place in the draft: their ids are bound, and shown. Each says that he is somebody else. */
async function seatedVictims(hall: Hall, count: number): Promise<readonly DraftSocketClient[]> {
  const victims: DraftSocketClient[] = [];
  const { roomId, draftId } = hall.roomOf('editor');
  for (let n = 0; n < count; n += 1) {
    const client = await new DraftSocketClient(hall.guarded.url, { cookie: hall.ana.cookie ?? '' }, `${roomId}/${draftId}`).settled();
    await client.synced();
    client.sendUpdate(client.typed(`mine ${String(n)}`));
    await until(() => client.saved > 0 && client.standing?.authors[String(client.doc.clientID)] !== undefined, 'a word of a victim');
    const state = `{"cursor":1,"user":{"id":"${mark}","name":"${mark}"}}`;
    let clock = 0;
    const show = (): void => client.send(presenceFrame([{ clientId: client.doc.clientID, clock: (clock += 1), state }]));
    show();
    // As every page does that runs: what is not renewed ends.
    const renewing = setInterval(show, 5_000);
    client.ws.once('close', () => clearInterval(renewing));
    victims.push(client);
  }
  return victims;
}
