import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import * as Y from 'yjs';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { DraftSocketClient } from '../integration/draftSocket.ts';
import { routes } from '../protocol/routeTable.ts';
import { administrator, until } from '../support/people.ts';
import type { Visitor } from '../support/people.ts';
import { GuardedServer, openPaces } from './doors/guarded.ts';
import type { Row, Scale } from './row.ts';

/*
 * Every question there is, put to a large room and a draft with a long log by many at once from one address, and by readers who stand
 * still: what an answer holds is bounded, so that no process grows with what is asked of it. Nothing here is left to chance.
 */

interface Extent {
  /** Bytes of the draft's log, and of comments. */
  readonly draftBytes: number;
  readonly commentBytes: number;
  readonly fileBytes: number;
  readonly atOnce: number;
  readonly standing: number;
}

const mega = 1_000_000;
const extents: Readonly<Record<Scale, Extent>> = {
  slice: { draftBytes: 6 * mega, commentBytes: 2 * mega, fileBytes: 2 * mega, atOnce: 6, standing: 12 },
  ci: { draftBytes: 80 * mega, commentBytes: 20 * mega, fileBytes: 20 * mega, atOnce: 20, standing: 60 },
  nightly: { draftBytes: 195 * mega, commentBytes: 100 * mega, fileBytes: 20 * mega, atOnce: 20, standing: 200 },
};
const pieceBytes = 200_000;
const commentLength = 10_000;
const stallMs = 3_000;

interface Place {
  readonly roomId: string;
  readonly draftId: string;
  readonly fileId: string;
}

/** What is asked of each route that gives something; one that is missing here fails the test. */
const questions: Readonly<Record<string, (place: Place) => string>> = {
  '/me': () => '/me',
  '/tokens': () => '/tokens',
  '/people': () => '/people',
  '/suspensions': () => '/suspensions',
  '/addresses': () => '/addresses',
  '/limits': () => '/limits',
  '/rooms': () => '/rooms',
  '/rooms/:roomId': ({ roomId }) => `/rooms/${roomId}`,
  '/rooms/:roomId/invite.ics': ({ roomId }) => `/rooms/${roomId}/invite.ics`,
  '/rooms/:roomId/size': ({ roomId }) => `/rooms/${roomId}/size`,
  '/rooms/:roomId/log': ({ roomId }) => `/rooms/${roomId}/log?limit=500`,
  '/rooms/:roomId/roster': ({ roomId }) => `/rooms/${roomId}/roster`,
  '/rooms/:roomId/invitations': ({ roomId }) => `/rooms/${roomId}/invitations`,
  '/rooms/:roomId/checkpoints': ({ roomId }) => `/rooms/${roomId}/checkpoints`,
  '/rooms/:roomId/record': ({ roomId }) => `/rooms/${roomId}/record`,
  '/rooms/:roomId/first': ({ roomId }) => `/rooms/${roomId}/first`,
  '/rooms/:roomId/history': ({ roomId }) => `/rooms/${roomId}/history`,
  '/rooms/:roomId/outcome': ({ roomId }) => `/rooms/${roomId}/outcome`,
  '/rooms/:roomId/outcome/export': ({ roomId }) => `/rooms/${roomId}/outcome/export?format=md`,
  '/rooms/:roomId/files/:fileId': ({ roomId, fileId }) => `/rooms/${roomId}/files/${fileId}`,
  '/rooms/:roomId/drafts/:draftId': ({ roomId, draftId }) => `/rooms/${roomId}/drafts/${draftId}`,
  '/rooms/:roomId/drafts/:draftId/export': ({ roomId, draftId }) => `/rooms/${roomId}/drafts/${draftId}/export?format=docx`,
  '/rooms/:roomId/drafts/:draftId/history': ({ roomId, draftId }) => `/rooms/${roomId}/drafts/${draftId}/history`,
  '/rooms/:roomId/drafts/:draftId/history/:ordinal': ({ roomId, draftId }) => `/rooms/${roomId}/drafts/${draftId}/history/5`,
  '/rooms/:roomId/drafts/:draftId/log': ({ roomId, draftId }) => `/rooms/${roomId}/drafts/${draftId}/log?limit=1000`,
};

/** What a server may answer: it is there, may not be asked by a stranger, is too large by name, or has to wait by name. */
const rightStatuses: ReadonlySet<number> = new Set([200, 401, 403, 404, 409, 413, 429, 503]);

export const timeoutMs = 30 * 60_000;

export async function run(scale: Scale, seed: number): Promise<Row> {
  const extent = extents[scale];
  const guarded = await GuardedServer.start({ ...openPaces, outgoingStallMs: stallMs });
  const problems: string[] = [];
  try {
    const ana = await administrator(guarded.url, guarded.process.setupSecret);
    const place = await fill(ana, guarded.url, extent);
    await guarded.heldMb();
    await guarded.beginsHere();
    const watching = setInterval(() => void guarded.figures().catch(() => undefined), 50);
    let answered = 0;
    let waited = 0;
    let bytes = 0;
    for (const { method, path } of routes) {
      if (method !== 'get') continue;
      const question = questions[path];
      if (question === undefined) {
        problems.push(`nobody asks GET ${path} here`);
        continue;
      }
      const address = `${guarded.url}/api${question(place)}`;
      const answers = await Promise.all(Array.from({ length: extent.atOnce }, (_, n) => read(address, n % 2 === 0 ? ana.cookie : null)));
      for (const { status, length } of answers) {
        answered += 1;
        bytes += length;
        if (status === 429 || status === 503) waited += 1;
        if (!rightStatuses.has(status)) problems.push(`GET ${path} answered ${status}`);
      }
    }
    // Half of what there is to read at length, by readers who take the first bytes and no more.
    const long = [
      `/rooms/${place.roomId}/record`,
      `/rooms/${place.roomId}/drafts/${place.draftId}/log?limit=1000`,
      `/rooms/${place.roomId}/files/${place.fileId}`,
      `/rooms/${place.roomId}/outcome`,
    ];
    const standing = Array.from({ length: extent.standing }, (_, n) =>
      stand(`${guarded.url}/api${long[n % long.length] ?? ''}`, n % long.length === 0 ? ana.cookie : null),
    );
    const begun = performance.now();
    let calm = 0;
    while (standing.some(({ over }) => !over()) && performance.now() - begun < 20 * stallMs + 30_000) {
      if ((await read(`${guarded.url}/api/limits`, null)).status === 200) calm += 1;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const left = standing.filter(({ over }) => !over()).length;
    if (left > 0) problems.push(`${left} of ${extent.standing} readers who stand still kept their place`);
    clearInterval(watching);
    const { stallMs: longestMs, grownMb } = await guarded.worst();
    if ((await read(`${guarded.url}/healthz`, null)).status !== 200) problems.push('the process is gone');
    return {
      test: 'T18',
      seed,
      done: `${answered} questions, ${extent.atOnce} at once, to a draft of ${extent.draftBytes / mega} MB and ${extent.commentBytes / mega} MB of comments; ${extent.standing} readers standing still`,
      lost: 0,
      doubled: 0,
      // What stands still is printed: drafts are folded and written to files in this thread.
      stallMs: Math.round(longestMs),
      memoryMb: Math.round(grownMb),
      memoryTargetMb: 100,
      passed: problems.length === 0,
      notes: problems.join('; ') || `${Math.round(bytes / mega)} MB read, ${waited} told to come again, ${calm} others answered meanwhile`,
    };
  } finally {
    await guarded.dispose();
  }
}

async function fill(ana: Visitor, url: string, { draftBytes, commentBytes, fileBytes }: Extent): Promise<Place> {
  const { id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'A large room', visibility: 'public' });
  const chair = await ana.join(roomId);
  const draftId = chair.joined?.snapshot?.drafts[0]?.id ?? '';
  const typist = await new DraftSocketClient(url, { cookie: ana.cookie ?? '' }, `${roomId}/${draftId}`).settled();
  await typist.synced();
  // Written and taken out again: the log grows, and the text does not.
  for (let n = 0; n * pieceBytes < draftBytes; n += 1) {
    typist.sendUpdate(typist.typed('稿'.repeat(pieceBytes / 3)));
    const updates: Uint8Array[] = [];
    const keep = (update: Uint8Array): number => updates.push(update);
    const fragment = typist.doc.getXmlFragment(DRAFT_FIELD);
    if (fragment.length > 4) {
      typist.doc.on('update', keep);
      typist.doc.transact(() => fragment.delete(0, 1));
      typist.doc.off('update', keep);
      typist.sendUpdate(Y.mergeUpdates(updates));
    }
    const sent = n + 1 + Math.max(0, n - 3);
    await until(() => typist.saved >= sent || typist.closed !== null, 'an acknowledged frame', 60_000);
    if (typist.closed !== null) throw new Error(`who fills the draft was sent away with ${typist.closed}`);
  }
  for (let n = 0; n * commentLength < commentBytes; n += 20) {
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        chair.act({ type: 'postComment', body: `${n + index} `.padEnd(commentLength, 'c'), stance: 'for' }),
      ),
    );
  }
  await chair.act({ type: 'scheduleRoom', startsAt: Date.now() + 86_400_000 });
  await chair.act({ type: 'closeRoom' }).then(() => chair.act({ type: 'reopenRoom' }));
  const file = await fetch(`${url}/api/rooms/${roomId}/files?name=a.txt`, {
    method: 'POST',
    headers: { origin: url, cookie: ana.cookie ?? '', 'content-type': 'application/octet-stream' },
    body: 'a line of text\n'.repeat(Math.floor(fileBytes / 15)),
  });
  if (!file.ok) throw new Error(`a file was refused: ${file.status}`);
  const { id: fileId } = (await file.json()) as { id: string };
  await chair.act({ type: 'closeRoom' });
  typist.close();
  chair.close();
  return { roomId, draftId, fileId };
}

/** Asks, and reads all of the answer without keeping it. */
async function read(address: string, cookie: string | null): Promise<{ readonly status: number; readonly length: number }> {
  const asking = request(address, { agent: false, ...(cookie === null ? {} : { headers: { cookie } }) });
  asking.end();
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  let length = 0;
  response.on('data', (chunk: Buffer) => (length += chunk.byteLength));
  await once(response, 'close');
  return { status: response.statusCode ?? 0, length };
}

/**
 * Asks, and takes nothing of the answer: it is over where the server ended it, or where the answer was short enough to be sent at once.
 * Who reads nothing hears of no end either, so a byte is sent now and then: to a line that is closed it cannot be.
 */
function stand(address: string, cookie: string | null): { readonly over: () => boolean } {
  const { hostname, port, pathname, search } = new URL(address);
  const socket = connect(Number(port), hostname);
  let over = false;
  const prod = setInterval(() => socket.write('\r\n'), 500).unref();
  const end = (): void => {
    over = true;
    clearInterval(prod);
    socket.destroy();
  };
  socket.on('error', end);
  socket.on('close', end);
  socket.pause();
  const who = cookie === null ? '' : `cookie: ${cookie}\r\n`;
  socket.write(`GET ${pathname}${search} HTTP/1.1\r\nhost: ${hostname}:${port}\r\nconnection: close\r\n${who}\r\n`);
  return { over: () => over };
}
