import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { secretId } from '#server/access/secrets.ts';
import type { Joined, Me, RosterPerson, Slip } from '#shared/protocol/messages.ts';
import { administrator, invited, RoomClient, until, Visitor } from '../support/people.ts';
import { quickPace } from '../support/quickPace.ts';
import { ServerProcess } from '../support/serverProcess.ts';
import { onMongo } from '../support/onMongo.ts';

let server: ServerProcess;
let ana: Visitor;
let roomId: string;

beforeAll(async () => {
  server = await ServerProcess.start({ env: { LIMITS: JSON.stringify({ ...quickPace, rosterSize: 40, messageBytes: 1_000_000 }) } });
  ana = await administrator(server.url, server.setupSecret);
});
afterAll(() => server.dispose());

async function newRoom(host = ana): Promise<string> {
  return (await host.ok<{ id: string }>('POST', '/api/rooms', { title: '开放公园的出入口', visibility: 'private' })).id;
}

async function imported(list: readonly object[], host = ana, id = roomId): Promise<readonly RosterPerson[]> {
  return (await host.ok<{ people: RosterPerson[] }>('POST', `/api/rooms/${id}/roster`, { people: list })).people;
}

async function slips(participantIds?: readonly string[], host = ana): Promise<readonly Slip[]> {
  return (await host.ok<{ slips: Slip[] }>('POST', `/api/rooms/${roomId}/slips`, { participantIds: participantIds ?? 'all' })).slips;
}

async function secretOf(participantId: string, host = ana): Promise<string> {
  return (await slips([participantId], host))[0]?.path?.split('#')[1] ?? '';
}

async function refusedWith(visitor: Visitor, method: string, path: string, body?: unknown): Promise<string> {
  const { json } = await visitor.request(method, path, body);
  return (json as { rejection?: { code: string } } | null)?.rejection?.code ?? 'ok';
}

/** Follows a personal link on a device that knows nobody. */
async function device(secret: string): Promise<Visitor> {
  const visitor = new Visitor(server.url);
  await visitor.ok('POST', '/api/personal-links/follow', { secret });
  return visitor;
}

async function joinedAs(visitor: Visitor): Promise<{ ok: true } & Joined> {
  const client = await visitor.join(roomId);
  client.close();
  if (client.joined === null) throw new Error('not joined');
  return client.joined;
}

const wang = { displayName: '王芳', organisation: '市教育局', sector: '教育界', role: 'member' };
const li = { displayName: '李建国', sector: '农业界', role: 'observer' };

describe('a list of names becomes a room full of people', () => {
  beforeAll(async () => {
    roomId = await newRoom();
  });

  test('[ROS1] each line is a participant in its role, named with its labels, and a list that is sent again changes nothing', async () => {
    const first = await imported([wang, li]);
    expect(first.map(({ displayName, role, sector }) => [displayName, role, sector])).toEqual([
      ['王芳', 'member', '教育界'],
      ['李建国', 'observer', '农业界'],
    ]);
    const before = await joinedAs(ana);
    // The very same people, in another order, with a role that is not theirs any more, and beside somebody new.
    const again = await imported([{ ...li, role: 'recorder' }, wang, { displayName: '赵敏', role: 'recorder' }]);
    expect(again.slice(0, 2).map(({ participantId, role }) => [participantId, role])).toEqual([
      [first[1]?.participantId, 'observer'],
      [first[0]?.participantId, 'member'],
    ]);
    const after = await joinedAs(ana);
    expect(after.head.seq).toBe(before.head.seq + 1);
    expect(after.people.find(({ displayName }) => displayName === '王芳')).toMatchObject({
      guest: false,
      organisation: '市教育局',
      sector: '教育界',
    });
    expect(after.people.length).toBe(4);
  });

  test('[ROS1] two of the same name from different houses are two people; the same line twice is one', async () => {
    const [one, other, twice] = await imported([
      { displayName: '张伟', organisation: '一中', role: 'member' },
      { displayName: '张伟', organisation: '二中', role: 'member' },
      { displayName: ' 张伟 ', organisation: '二中', role: 'member' },
    ]);
    expect(one?.participantId).not.toBe(other?.participantId);
    expect(twice?.participantId).toBe(other?.participantId);
  });

  test.each([
    ['a name of spaces', { displayName: '   ', role: 'member' }, 'emptyText'],
    ['a name that is too long', { displayName: '长'.repeat(41), role: 'member' }, 'textTooLong'],
    ['a label that is too long', { displayName: '王五', organisation: '局'.repeat(101), role: 'member' }, 'textTooLong'],
    ['a user name that cannot be one', { displayName: '王五', handle: 'a b', role: 'member' }, 'handleInvalid'],
    ['a role there is not', { displayName: '王五', role: 'king' }, 'malformed'],
  ])('[ROS2] %s is refused, and nobody of the list comes in', async (_title, line, code) => {
    const before = await joinedAs(ana);
    expect(await refusedWith(ana, 'POST', `/api/rooms/${roomId}/roster`, { people: [{ displayName: '钱七', role: 'member' }, line] })).toBe(
      code,
    );
    expect((await joinedAs(ana)).head.seq).toBe(before.head.seq);
  });

  test('[ROS2] a list that is longer than a room may have is refused as a whole', async () => {
    const people = Array.from({ length: 41 }, (_, index) => ({ displayName: `第${index}人`, role: 'member' }));
    const before = await joinedAs(ana);
    expect(await refusedWith(ana, 'POST', `/api/rooms/${roomId}/roster`, { people })).toBe('tooMany');
    expect((await joinedAs(ana)).head.seq).toBe(before.head.seq);
  });

  test('[ROS3] a line with the user name of an account seats that account, under its own name, and gives nobody a link to it', async () => {
    await invited(ana, await newRoom(), 'member', 'ben');
    const [seated] = await imported([{ displayName: '本先生', handle: 'Ben', organisation: '供电公司', role: 'member' }]);
    expect(seated).toMatchObject({ displayName: 'ben', organisation: '供电公司', link: null });
    expect((await slips([seated?.participantId ?? '']))[0]?.path).toBe(null);
    const ben = new Visitor(server.url);
    await ben.ok('POST', '/api/session', { handle: 'ben', password: 'correct horse battery' });
    expect((await joinedAs(ben)).you.participantId).toBe(seated?.participantId);
    const link = `/api/rooms/${roomId}/roster/${seated?.participantId ?? ''}/link`;
    expect(await refusedWith(ana, 'POST', link)).toBe('linkUnknown');
  });
});

describe('personal links', () => {
  let person: RosterPerson;

  beforeAll(async () => {
    roomId = await newRoom();
    const [made] = await imported([wang]);
    if (made === undefined) throw new Error('nobody');
    person = made;
  });

  test('[PLK1] a link signs in that participant on any device, and two devices are one participant', async () => {
    const secret = await secretOf(person.participantId);
    const phone = await device(secret);
    const laptop = await device(secret);
    const [one, other] = [await phone.join(roomId), await laptop.join(roomId)];
    expect(one.joined?.you).toMatchObject({ participantId: person.participantId, role: 'member', displayName: '王芳' });
    expect(other.joined?.you.participantId).toBe(person.participantId);
    expect(other.joined?.presence.here.filter(({ participantId }) => participantId === person.participantId).length).toBe(1);
    expect(await phone.ok<Me>('GET', '/api/me')).toMatchObject({ account: null, guest: { displayName: '王芳' } });
    one.close();
    other.close();
  });

  test('[PLK2] a sheet can be printed again with the same links, also after a restart, and the secret is stored nowhere', async () => {
    const secret = await secretOf(person.participantId);
    await server.kill();
    await server.start();
    expect(await secretOf(person.participantId)).toBe(secret);
    const { DatabaseSync } = await import('node:sqlite');
    const database = new DatabaseSync(`${server.dataDir}/shangliang.db`, { readOnly: true });
    const stored =
      JSON.stringify(database.prepare('SELECT * FROM records').all()) + JSON.stringify(database.prepare('SELECT * FROM commits').all());
    database.close();
    expect(stored).toContain(secretId(secret));
    expect(stored).not.toContain(secret);
  });

  test('[PLK3] a new link takes the place of the old one and ends what the old one signed in, at once', async () => {
    const old = await secretOf(person.participantId);
    const phone = await device(old);
    const client = await phone.join(roomId);
    let ended = '';
    client.socket.on('room:ended', ({ rejection }) => (ended = rejection.code));
    const { slip } = await ana.ok<{ slip: Slip }>('POST', `/api/rooms/${roomId}/roster/${person.participantId}/link`);
    await until(() => ended !== '', 'the end of the old sign-in');
    expect(ended).toBe('signInNeeded');
    expect(await phone.ok<Me>('GET', '/api/me')).toMatchObject({ guest: null });
    expect(await refusedWith(new Visitor(server.url), 'POST', '/api/personal-links/follow', { secret: old })).toBe('linkRevoked');
    const fresh = slip.path?.split('#')[1] ?? '';
    expect(fresh).not.toBe(old);
    expect((await joinedAs(await device(fresh))).you.participantId).toBe(person.participantId);
    expect(await secretOf(person.participantId)).toBe(fresh);
  });

  test('[PLK3] a revoked link is told from an unknown one, has no slip, and can be issued again', async () => {
    const secret = await secretOf(person.participantId);
    const { person: after } = await ana.ok<{ person: RosterPerson }>('DELETE', `/api/rooms/${roomId}/roster/${person.participantId}/link`);
    expect(after.link?.revokedAt).not.toBe(null);
    const nobody = new Visitor(server.url);
    expect(await refusedWith(nobody, 'POST', '/api/personal-links/preview', { secret })).toBe('linkRevoked');
    expect(await refusedWith(nobody, 'POST', '/api/personal-links/preview', { secret: 'x'.repeat(43) })).toBe('linkUnknown');
    expect(await refusedWith(nobody, 'POST', '/api/personal-links/follow', { secret: 'x'.repeat(43) })).toBe('linkUnknown');
    expect((await slips([person.participantId]))[0]?.path).toBe(null);
    expect(await refusedWith(ana, 'DELETE', `/api/rooms/${roomId}/roster/${person.participantId}/link`)).toBe('ok');
    const { slip } = await ana.ok<{ slip: Slip }>('POST', `/api/rooms/${roomId}/roster/${person.participantId}/link`);
    expect((await joinedAs(await device(slip.path?.split('#')[1] ?? ''))).you.participantId).toBe(person.participantId);
  });

  /** Somebody of a list who made an account on their own device, and the secret of the link that still stands on paper. */
  async function withAccount(displayName: string, handle: string): Promise<{ id: string; secret: string; own: Visitor }> {
    const [made] = await imported([{ displayName, role: 'member' }]);
    const id = made?.participantId ?? '';
    const secret = await secretOf(id);
    const own = await device(secret);
    const { path } = await ana.ok<{ path: string }>('POST', `/api/rooms/${roomId}/invitations`, { role: 'member', days: 1 });
    await own.ok('POST', '/api/accounts', { invitation: path.split('#')[1], handle, displayName, password: 'correct horse battery' });
    return { id, secret, own };
  }

  test('[PLK4] a link opens its room only, as the same participant, also where an account sits on the seat by now', async () => {
    const other = await newRoom();
    const { id, secret, own } = await withAccount('周婷', 'zhouting');
    expect(await own.ok<Me>('GET', '/api/me')).toMatchObject({ account: { handle: 'zhouting' }, onlyRoom: null });
    // The account has a seat in another room, makes rooms, has tokens.
    const { path } = await ana.ok<{ path: string }>('POST', `/api/rooms/${other}/invitations`, { role: 'moderator', days: 1 });
    await own.ok('POST', '/api/invitations/accept', { secret: path.split('#')[1] });
    // A recorder of the first room prints the slip anew and follows it.
    const recorder = await invited(ana, roomId, 'recorder', 'ruth');
    const printed = await secretOf(id, recorder);
    expect(printed).toBe(secret);
    const thief = await device(printed);
    expect((await joinedAs(thief)).you).toMatchObject({ participantId: id, role: 'member', displayName: '周婷' });
    expect(await thief.ok<Me>('GET', '/api/me')).toMatchObject({ account: null, guest: { displayName: '周婷' }, onlyRoom: roomId });
    const account = { path: '/api/me', body: { displayName: 'Mallory' } };
    expect(await refusedWith(thief, 'PUT', account.path, account.body)).toBe('linkRoomOnly');
    const next = { current: 'correct horse battery', next: 'another password 2' };
    expect(await refusedWith(thief, 'PUT', '/api/me/password', next)).toBe('linkRoomOnly');
    expect(await refusedWith(thief, 'POST', '/api/tokens', { label: 'x', days: 1, scopes: ['read'] })).toBe('linkRoomOnly');
    expect(await refusedWith(thief, 'GET', '/api/tokens')).toBe('linkRoomOnly');
    expect(await refusedWith(thief, 'POST', '/api/rooms', { title: 'Mine' })).toBe('linkRoomOnly');
    expect(await refusedWith(thief, 'POST', '/api/me/erasure', { texts: true })).toBe('linkRoomOnly');
    for (const elsewhere of [other, 'nowhere']) {
      expect(await refusedWith(thief, 'GET', `/api/rooms/${elsewhere}`), elsewhere).toBe('linkRoomOnly');
      const client = new RoomClient(server.url, thief.cookie, elsewhere);
      expect(await client.tryJoin(), elsewhere).toEqual({ ok: false, rejection: { code: 'linkRoomOnly' } });
      client.close();
    }
    const { rooms } = await thief.ok<{ rooms: { id: string }[] }>('GET', '/api/rooms');
    expect(rooms.map((room) => room.id)).toContain(roomId);
    expect(rooms.map((room) => room.id)).not.toContain(other);
    // The list once more: still the same person, and no second one.
    expect((await imported([{ displayName: '周婷', role: 'member' }]))[0]?.participantId).toBe(id);
    // Withdrawn, it takes what it signed in and nothing else.
    await ana.ok('DELETE', `/api/rooms/${roomId}/roster/${id}/link`);
    expect(await thief.ok<Me>('GET', '/api/me')).toMatchObject({ account: null, guest: null });
    expect(await own.ok<Me>('GET', '/api/me')).toMatchObject({ account: { handle: 'zhouting' } });
  });

  test('[PLK10] a new password, and signing out everywhere, end the sign-ins by links of the account too, sockets with them', async () => {
    const { id, secret, own } = await withAccount('孙丽', 'sunli');
    for (const end of ['password', 'everywhere'] as const) {
      const slip = await device(secret);
      const client = await slip.join(roomId);
      let ended = '';
      client.socket.on('room:ended', ({ rejection }) => (ended = rejection.code));
      if (end === 'password') await own.ok('PUT', '/api/me/password', { current: 'correct horse battery', next: 'another password 2' });
      else await own.ok('DELETE', '/api/sessions');
      await until(() => ended !== '', 'the end of the sign-in by the link');
      expect(await slip.ok<Me>('GET', '/api/me'), end).toMatchObject({ account: null, guest: null });
    }
    expect((await joinedAs(await device(secret))).you.participantId).toBe(id);
  });

  test('[PLK4] who came by a link makes an account of the seat in its room, and takes no other seat along', async () => {
    const other = await newRoom();
    const [made] = await imported([{ displayName: '何静', role: 'member' }]);
    const phone = await device(await secretOf(made?.participantId ?? ''));
    const link = await ana.ok<{ path: string }>('POST', `/api/rooms/${other}/invitations`, { role: 'member', days: 1 });
    const secret = link.path.split('#')[1];
    // Without an account one enters another room as a guest of its own, and leaves the first one on this device.
    expect(await refusedWith(phone, 'POST', '/api/invitations/accept', { secret })).toBe('linkRoomOnly');
    const { participantId } = await phone.ok<{ participantId: string }>('POST', '/api/invitations/accept', { secret, guestName: '何静' });
    expect(participantId).not.toBe(made?.participantId);
    expect(await phone.ok<Me>('GET', '/api/me')).toMatchObject({ guest: { displayName: '何静' }, onlyRoom: null });
    expect(await refusedWith(phone, 'GET', `/api/rooms/${roomId}`)).toBe('notFound');
    const again = await device(await secretOf(made?.participantId ?? ''));
    const account = { handle: 'hejing', displayName: '何静', password: 'correct horse battery' };
    await again.ok('POST', '/api/accounts', { invitation: secret, ...account });
    expect((await joinedAs(again)).you.participantId).toBe(made?.participantId);
    expect(await refusedWith(again, 'GET', `/api/rooms/${other}`)).toBe('notFound');
  });

  test('[PLK5] a recorder invites, but gives nobody a way to sign in as a moderator', async () => {
    const recorder = await invited(ana, roomId, 'recorder', 'rita');
    const [chair] = await imported([{ displayName: '主席', role: 'moderator' }]);
    const id = chair?.participantId ?? '';
    expect(chair?.role).toBe('moderator');
    expect(await refusedWith(recorder, 'POST', `/api/rooms/${roomId}/roster`, { people: [{ displayName: '甲', role: 'moderator' }] })).toBe(
      'notAllowed',
    );
    expect((await imported([{ displayName: '甲', role: 'member' }], recorder))[0]?.role).toBe('member');
    const sheet = await slips(undefined, recorder);
    expect(sheet.find(({ person }) => person.participantId === id)?.path).toBe(null);
    expect(sheet.filter(({ person, path }) => person.role !== 'moderator' && person.link?.revokedAt === null && path === null)).toEqual([]);
    expect(await secretOf(id)).not.toBe('');
    for (const method of ['POST', 'DELETE']) {
      expect(await refusedWith(recorder, method, `/api/rooms/${roomId}/roster/${id}/link`), method).toBe('notAllowed');
    }
  });

  test('[PLK5] a link of one room cannot be reissued or revoked through another', async () => {
    const other = await newRoom();
    for (const method of ['POST', 'DELETE']) {
      expect(await refusedWith(ana, method, `/api/rooms/${other}/roster/${person.participantId}/link`), method).toBe('linkUnknown');
    }
    expect((await joinedAs(await device(await secretOf(person.participantId)))).you.participantId).toBe(person.participantId);
  });

  test('[PLK6] a link shows whom it signs in and where, and whether that is who sits here already', async () => {
    const secret = await secretOf(person.participantId);
    const seen = { roomId, roomTitle: '开放公园的出入口', participantId: person.participantId, displayName: '王芳' };
    const phone = await device(secret);
    expect(await new Visitor(server.url).ok('POST', '/api/personal-links/preview', { secret })).toEqual({ ...seen, you: false });
    expect(await ana.ok('POST', '/api/personal-links/preview', { secret })).toEqual({ ...seen, you: false });
    expect(await phone.ok('POST', '/api/personal-links/preview', { secret })).toEqual({ ...seen, you: true });
    // Followed again by the same person on the same device, it makes no second sign-in.
    const { cookie } = phone;
    await phone.ok('POST', '/api/personal-links/follow', { secret });
    expect(phone.cookie).toBe(cookie);
  });

  test('[PLK6] following needs the origin of the page', async () => {
    const secret = await secretOf(person.participantId);
    const { json } = await new Visitor(server.url).request(
      'POST',
      '/api/personal-links/follow',
      { secret },
      { origin: 'http://evil.test' },
    );
    expect(json).toEqual({ rejection: { code: 'wrongOrigin' } });
  });

  test('[PLK7] who changes his name is called by it in his rooms', async () => {
    const cai = await invited(ana, roomId, 'member', 'cai');
    expect((await joinedAs(cai)).you.displayName).toBe('cai');
    await cai.ok('PUT', '/api/me', { displayName: '蔡老师' });
    const { you, people } = await joinedAs(cai);
    expect(you.displayName).toBe('蔡老师');
    expect(people.find(({ id }) => id === you.participantId)?.displayName).toBe('蔡老师');
  });
});

test('[PLK6] wrong links are slowed down for an address, right ones of the same address are not', async () => {
  const slow = await ServerProcess.start({
    env: { LIMITS: JSON.stringify({ signInsPerMinutePerAddress: 5, signInsPerMinutePerAccount: 2 }) },
  });
  try {
    const host = await administrator(slow.url, slow.setupSecret);
    const { id } = await host.ok<{ id: string }>('POST', '/api/rooms', { title: 'Hall' });
    await host.ok('POST', `/api/rooms/${id}/roster`, { people: [wang, li] });
    const sheet = (await host.ok<{ slips: Slip[] }>('POST', `/api/rooms/${id}/slips`, { participantIds: 'all' })).slips.map(
      ({ path }) => path?.split('#')[1] ?? '',
    );
    const stranger = new Visitor(slow.url);
    const tries: string[] = [];
    for (let count = 0; count < 7; count += 1) {
      tries.push(await refusedWith(stranger, 'POST', '/api/personal-links/follow', { secret: `${'y'.repeat(42)}${count}` }));
    }
    expect(tries.filter((code) => code === 'linkUnknown').length).toBe(5);
    expect(tries.at(-1)).toBe('tooFast');
    for (const secret of sheet)
      expect(await refusedWith(new Visitor(slow.url), 'POST', '/api/personal-links/follow', { secret })).toBe('ok');
    expect(await refusedWith(new Visitor(slow.url), 'POST', '/api/personal-links/follow', { secret: sheet[0] })).toBe('ok');
    expect(await refusedWith(new Visitor(slow.url), 'POST', '/api/personal-links/follow', { secret: sheet[0] })).toBe('tooFast');
  } finally {
    await slow.dispose();
  }
});

onMongo('lists and links on MongoDB', (url) => {
  test('[ROS1] [PLK1] [PLK3] a list comes in once, a link signs in and ends, also after a kill', async () => {
    const mongoUrl = url.replace(/\/(\?|$)/, `/roster_${Date.now().toString(36)}$1`);
    const other = await ServerProcess.start({ mongoUrl });
    try {
      const host = await administrator(other.url, other.setupSecret);
      const { id } = await host.ok<{ id: string }>('POST', '/api/rooms', { title: 'Hall' });
      const [first] = await imported([wang, li], host, id);
      await other.kill();
      await other.start();
      expect((await imported([wang], host, id))[0]?.participantId).toBe(first?.participantId);
      const sheet = await host.ok<{ slips: Slip[] }>('POST', `/api/rooms/${id}/slips`, { participantIds: 'all' });
      expect(sheet.slips.length).toBe(2);
      const secret = sheet.slips.find(({ person }) => person.participantId === first?.participantId)?.path?.split('#')[1];
      const phone = new Visitor(other.url);
      await phone.ok('POST', '/api/personal-links/follow', { secret });
      expect(await phone.ok<Me>('GET', '/api/me')).toMatchObject({ guest: { displayName: '王芳' } });
      await host.ok('DELETE', `/api/rooms/${id}/roster/${first?.participantId ?? ''}/link`);
      expect(await phone.ok<Me>('GET', '/api/me')).toMatchObject({ guest: null });
      expect(await refusedWith(phone, 'POST', '/api/personal-links/follow', { secret })).toBe('linkRevoked');
    } finally {
      await other.dispose();
    }
  });
});
