import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Comment } from '#shared/domain/state.ts';
import type { WireCommit } from '#shared/domain/commit.ts';
import { Visitor } from '../support/people.ts';
import { furnish, roomLog } from './house.ts';
import type { House } from './house.ts';

let house: House;
beforeAll(async () => {
  house = await furnish();
});
afterAll(() => house.server.dispose());

/** What may stand in any text: markup, scripts, other scripts, right-to-left, joined emoji, what looks like our own shapes. */
const hostile = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '{{constructor.constructor("alert(1)")()}}',
  '${7*7} #{7*7} <%= 7*7 %>',
  'javascript:alert(1)',
  "'; DROP TABLE commits; --",
  '{"digest":"x","salt":"y","text":"z"}',
  '__proto__',
  '&lt;b&gt; &amp; &#x3C;',
  '‮txet desrever‬ ‏ئاسانکاری‏',
  '👩‍👩‍👧‍👦 é é ﷽ 𠮷',
  '第一行\n\n  第三行\tTab',
] as const;

test('[DOOR7] whatever stands in a text is stored and given back as it came', async () => {
  for (const words of hostile) {
    // A name that hides something or turns the direction of writing is refused elsewhere; every other text may hold it.
    const short =
      /^[\p{L}\p{N}\p{P}\p{S}\p{Zs}]*$/u.test(words.slice(0, 38)) && /\p{L}/u.test(words.slice(0, 38)) ? words.slice(0, 38) : 'Guest';
    const { id } = await house.ana.ok<{ id: string }>('POST', '/api/rooms', {
      title: words,
      question: words,
      background: words,
      visibility: 'public',
    });
    const label = await house.ana.ok<{ invitation: { label: string }; path: string }>('POST', `/api/rooms/${id}/invitations`, {
      role: 'member',
      label: words,
      days: 1,
    });
    expect(label.invitation.label).toBe(words);
    const secret = label.path.split('#')[1] ?? '';
    expect(await house.ana.ok('POST', '/api/invitations/preview', { secret })).toMatchObject({ roomTitle: words });
    const guest = new Visitor(house.server.url);
    const { participantId } = await guest.ok<{ participantId: string }>('POST', '/api/invitations/accept', { secret, guestName: short });
    expect(await guest.ok('GET', '/api/me')).toMatchObject({ guest: { displayName: short.trim() } });

    const room = await house.ana.join(id);
    expect(room.joined?.people).toContainEqual({ id: participantId, displayName: short.trim(), guest: true });
    const draftId = room.joined?.snapshot?.drafts[0]?.id ?? '';
    const anchor = { draftId, runs: [[1, 0, 1]] as const, quote: words, before: words, after: words };
    await room.act({ type: 'postComment', body: words, anchor });
    await room.act({ type: 'editComment', comment: 1, body: `${words}!` });
    await room.act({ type: 'hideComment', comment: 1, reason: { code: 'other', note: words } });
    const last = await room.act({ type: 'restoreComment', comment: 1 });
    await room.reached(last);
    room.close();

    const again = await house.ana.join(id);
    const snapshot = again.joined?.snapshot;
    expect([snapshot?.title.text, snapshot?.question.text, snapshot?.background.text]).toEqual([words, words, words]);
    const [comment] = snapshot?.comments as readonly Comment[];
    expect(comment?.body.text).toBe(`${words}!`);
    expect(comment?.versions[0]?.body.text).toBe(words);
    expect([comment?.anchor?.quote.text, comment?.anchor?.before.text, comment?.anchor?.after.text]).toEqual([words, words, words]);
    again.close();

    const { commits } = await house.ana.ok<{ commits: WireCommit[] }>('GET', `/api/rooms/${id}/log`);
    const hidden = commits.flatMap(({ events }) => events).find(({ event }) => event?.type === 'comment.hidden')?.event;
    expect(hidden).toMatchObject({ reason: { note: { text: words } } });
    expect(roomLog(house.server.dataDir, id).map(({ types }) => types.at(0))).toContain('comment.restored');
    const { room: card } = await house.ana.ok<{ room: { title: string; question: string } }>('GET', `/api/rooms/${id}`);
    expect(card).toMatchObject({ title: words, question: words });
  }
});

test('[DOOR7] answers with such texts are JSON, never a page', async () => {
  const { id } = await house.ana.ok<{ id: string }>('POST', '/api/rooms', { title: hostile[0], visibility: 'public' });
  const response = await fetch(`${house.server.url}/api/rooms/${id}`);
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  const nowhere = await fetch(`${house.server.url}/api/<script>alert(1)</script>`);
  expect(nowhere.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(await nowhere.text()).not.toContain('script');
});

test('names are trimmed, and a handle is one handle however it is written', async () => {
  const { path } = await house.ana.ok<{ path: string }>('POST', `/api/rooms/${house.roomId}/invitations`, { role: 'member', days: 1 });
  const invitation = path.split('#')[1] ?? '';
  const person = { invitation, displayName: '  李 四  ', password: 'correct horse battery' };
  const visitor = new Visitor(house.server.url);
  expect(await visitor.ok('POST', '/api/accounts', { ...person, handle: '李四' })).toMatchObject({ account: { displayName: '李 四' } });
  for (const handle of [' 李四 ', '李四'.normalize('NFD')]) {
    expect(await visitor.request('POST', '/api/accounts', { ...person, handle })).toMatchObject({
      json: { rejection: { code: 'handleTaken' } },
    });
  }
  const other = new Visitor(house.server.url);
  await other.ok('POST', '/api/session', { handle: '李四', password: person.password });
});
