import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../scripts/freePort.ts';
import { until } from '../support/people.ts';
import { clientOf, furnish } from './house.ts';
import type { House } from './house.ts';
import { DraftSocketClient } from './draftSocket.ts';

let house: House;
let address: string;
beforeAll(async () => {
  const port = await freePort();
  address = `http://127.0.0.1:${port}/metrics`;
  house = await furnish({ METRICS_PORT: String(port) });
});
afterAll(() => house.server.dispose());

/** The figure of a series, 0 where there is none yet. */
async function figure(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
  const text = await (await fetch(address)).text();
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const line = text.split('\n').find((each) => each.split(/[ {]/)[0] === name && wanted.every((label) => each.includes(label)));
  return line === undefined ? 0 : Number(line.slice(line.lastIndexOf(' ') + 1));
}

describe('[OP1] figures for Prometheus', () => {
  test('[OP1] tell of commands, frames, connections, refusals and closes, by kind and role', async () => {
    const member = clientOf(house, house.credentials('member'));
    await member.join();
    const viewer = clientOf(house, house.credentials('observer'));
    await viewer.join();
    const before = {
      commits: await figure('shangliang_commits_total'),
      acks: await figure('shangliang_ack_seconds_count', { what: 'command' }),
      refused: await figure('shangliang_refusals_total', { wire: 'room', code: 'emptyText' }),
    };
    const seq = await member.act({ type: 'postComment', body: 'Counted, not read.' });
    await viewer.reached(seq);
    expect((await member.send({ type: 'postComment', body: '  ' })).ok).toBe(false);
    expect(await figure('shangliang_commits_total')).toBe(before.commits + 1);
    expect(await figure('shangliang_ack_seconds_count', { what: 'command' })).toBe(before.acks + 1);
    expect(await figure('shangliang_refusals_total', { wire: 'room', code: 'emptyText' })).toBe(before.refused + 1);
    expect(await figure('shangliang_connections', { kind: 'room', role: 'member' })).toBe(1);
    expect(await figure('shangliang_connections', { kind: 'room', role: 'observer' })).toBe(1);
    expect(await figure('shangliang_rooms_loaded')).toBeGreaterThan(0);
    const encoded = await figure('shangliang_publication_bytes_total', { audience: 'participants' });
    expect(encoded).toBeGreaterThan(100);
    expect(await figure('shangliang_delivered_bytes_total', { audience: 'participants' })).toBeGreaterThan(encoded);

    const draft = new DraftSocketClient(house.server.url, house.credentials('member'), `${house.roomId}/${house.draftId}`);
    await (await draft.settled()).synced();
    const entries = await figure('shangliang_draft_entries_total');
    draft.sendUpdate(draft.typed('one paragraph'));
    await until(() => draft.saved === 1, 'an acknowledged frame');
    expect(await figure('shangliang_draft_entries_total')).toBe(entries + 1);
    expect(await figure('shangliang_ack_seconds_count', { what: 'frame' })).toBe(1);
    expect(await figure('shangliang_drafts_loaded')).toBe(1);
    expect(await figure('shangliang_connections', { kind: 'draft', role: 'member' })).toBe(1);
    expect(await figure('shangliang_group_commit_writes_count')).toBeGreaterThan(0);
    draft.send('no frame at all');
    expect(await draft.ended()).toBe(4400);
    await expect.poll(() => figure('shangliang_closes_total', { wire: 'draft', code: '4400' }), { timeout: 20_000 }).toBe(1);
    // A code a client made up is no series of its own.
    const odd = new DraftSocketClient(house.server.url, house.credentials('member'), `${house.roomId}/${house.draftId}`);
    await odd.settled();
    odd.ws.close(4999);
    await expect.poll(() => figure('shangliang_closes_total', { wire: 'draft', code: 'other' }), { timeout: 20_000 }).toBe(1);

    expect((await house.people.stranger.request('GET', '/api/rooms/none')).status).toBeGreaterThanOrEqual(400);
    expect(await figure('shangliang_refusals_total', { wire: 'http' })).toBeGreaterThan(0);
    expect(await figure('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0);
    expect(await figure('process_resident_memory_bytes')).toBeGreaterThan(10_000_000);
    member.close();
    viewer.close();
  });

  test('[OP2] name no room, person or text', async () => {
    const text = await (await fetch(address)).text();
    expect(text).toContain('shangliang_connections');
    const ids = [house.roomId, house.draftId, house.otherRoomId, ...Object.values(house.participants)];
    for (const secret of [...ids, 'Entrances', 'Counted', 'Ana']) expect(text).not.toContain(secret);
  });

  test('[OP3] are answered on their own address alone, and only to a GET of them', async () => {
    expect((await fetch(`${house.server.url}/metrics`)).status).toBe(404);
    expect((await fetch(address.replace('/metrics', '/'))).status).toBe(404);
    expect((await fetch(address, { method: 'POST' })).status).toBe(404);
    expect((await fetch(address.replace('/metrics', '/api/limits'))).status).toBe(404);
    expect(house.server.output).toContain(`Metrics: ${address}`);
  });
});
