/**
 * Writes a golden log: every event type of the current version at least once, as it would be stored. Run it when a new
 * version of events begins, under a new name; golden logs that exist are never written again.
 * node scripts/golden.ts tests/golden/room-v2.json
 */
import { existsSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import type { Commit } from '#shared/domain/commit.ts';
import { sealCommit } from '#shared/domain/commit.ts';
import { systemActor } from '#shared/domain/decision.ts';
import { meaningOf } from '../tests/support/roomMeaning.ts';
import { ana, ben, cai, Scenario } from '../tests/support/roomScenario.ts';

const file = process.argv[2];
if (file === undefined || existsSync(file)) throw new Error('name a file that does not exist yet');

const reason = { code: 'insult', note: '请就事论事 🙏' } as const;
const room = Scenario.room();
const { draftId } = room;
const anchor = {
  draftId,
  runs: [
    [7, 0, 3],
    [9, 12, 2],
  ],
  quote: '三百米以内',
  before: '间距',
  after: '，',
} as const;
room
  .does(ana, { type: 'describeRoom', title: '开放公园的出入口', question: 'Where?', background: 'Line one\nline two' })
  .does(ana, { type: 'changeSettings', settings: { visibility: 'link', whoComments: 'participants', guests: false } })
  .does(ben, { type: 'postComment', body: '建议二百米。', stance: 'for', anchor })
  .does(cai, { type: 'postComment', body: 'A reply', parent: 1 })
  .does(ben, { type: 'editComment', comment: 1, body: '建议二百五十米。', stance: 'reservation' })
  .does(ana, { type: 'supportComment', comment: 1 })
  .does(ana, { type: 'supportComment', comment: 2 })
  .does(ana, { type: 'endSupport', comment: 2 })
  .does(cai, { type: 'resolveComment', comment: 1 })
  .does(ben, { type: 'reopenComment', comment: 1 })
  .does(ana, { type: 'hideComment', comment: 2, reason })
  .does(ana, { type: 'restoreComment', comment: 2 })
  .does(cai, { type: 'withdrawComment', comment: 2 })
  .does(ana, { type: 'closeCommenting' })
  .does(ana, { type: 'openCommenting' })
  .does(ana, { type: 'muteParticipant', participantId: 'ben', reason })
  .does(ana, { type: 'unmuteParticipant', participantId: 'ben' })
  .does(ana, { type: 'changeRole', participantId: 'olga', role: 'member' })
  .does(ana, { type: 'removeParticipant', participantId: 'olga', reason })
  .does(ana, { type: 'readmitParticipant', participantId: 'olga' })
  .does(ana, { type: 'lockDraft', draftId })
  .does(systemActor, { type: 'sealRevision', draftId, lineage: 'l', ordinal: 3, logDigest: 'd', contentHash: 'h' })
  .does(ana, { type: 'unlockDraft', draftId })
  .does(ana, { type: 'closeRoom' })
  .does(ana, { type: 'reopenRoom' });

const commits: Commit[] = [];
let salts = 0;
for (const seq of new Set(room.log.map((entry) => entry.seq))) {
  const entries = room.log.filter((entry) => entry.seq === seq);
  const [first] = entries;
  if (first === undefined) continue;
  const header = {
    stream: { kind: 'room', id: 'golden' },
    seq,
    at: first.at,
    actorId: first.actorId,
    commandId: `golden-${seq}`,
    commandMac: 'mac',
    prevHash: commits.at(-1)?.hash ?? '',
  } as const;
  const events = entries.map(({ event }) => event);
  commits.push(sealCommit(header, events, () => `salt-${(salts += 1)}`));
}
const meaning = meaningOf(room.state);
writeFileSync(file, `${JSON.stringify({ commits, meaning }, null, 1)}\n`, { flag: 'wx' });
