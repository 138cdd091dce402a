/**
 * Writes a golden log: every event type there is at least once, as it would be stored. Run it when there are new types or a
 * new version of one begins, under a new name; golden logs that exist are never written again.
 * node scripts/golden.ts tests/golden/room-v2.json
 */
import { existsSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import type { Commit } from '#shared/domain/commit.ts';
import { sealCommit } from '#shared/domain/commit.ts';
import { systemActor } from '#shared/domain/decision.ts';
import { passagesMeaningOf } from '../tests/support/roomMeaning.ts';
import { ana, ben, cai, olga, Scenario } from '../tests/support/roomScenario.ts';

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
  .does(systemActor, { type: 'suspendParticipant', participantId: 'ben' })
  .does(systemActor, { type: 'resumeParticipant', participantId: 'ben' })
  .does(ana, { type: 'lockDraft', draftId })
  .does(systemActor, { type: 'sealRevision', draftId, lineage: 'l', ordinal: 3, logDigest: 'd', contentHash: 'h' })
  .does(ana, { type: 'unlockDraft', draftId })
  .does(ana, { type: 'closeRoom' })
  .does(ana, { type: 'reopenRoom' });

const passage = { ...anchor, quote: '出入口' };
const [file1, file2] = ['f1', 'f2'].map(
  (fileId) => ({ type: 'addFile', fileId, name: '方案.pdf', contentType: 'application/pdf', bytes: 9, sha256: 'ab' }) as const,
);
room
  .does(ana, { type: 'scheduleRoom', startsAt: 1_800_000_000_000 })
  .does(ana, { type: 'pauseRoom', note: '休息十分钟' })
  .does(ana, { type: 'resumeRoom' })
  .does(ana, { type: 'pauseRoom' })
  .does(ana, { type: 'resumeRoom' })
  .does(ana, {
    type: 'changeSettings',
    settings: { visibility: 'public', whoComments: 'participants', guests: true, slowModeMs: 1, commentsPerPerson: 9, review: 'observers' },
  })
  .does(ana, { type: 'changeRole', participantId: 'olga', role: 'observer' })
  .does(olga, { type: 'postComment', body: '旁听意见', mentions: ['ben', 'cai'] })
  .does(ana, { type: 'publishComment', comment: 3 })
  .does(olga, { type: 'editComment', comment: 3, body: '旁听意见（改）' })
  .does(ana, { type: 'publishComment', comment: 3 })
  .does(olga, { type: 'postComment', body: 'still held' })
  .does(cai, { type: 'recordSpeech', speakerId: 'ben', body: '发言：二百米', stance: 'for', anchor })
  .does(cai, file1 as NonNullable<typeof file1>)
  .does(ana, file2 as NonNullable<typeof file2>)
  .does(ana, { type: 'removeFile', fileId: 'f1' })
  .does(cai, { type: 'createDraft', title: '附件一' });
const annex = [...room.state.drafts.keys()][1] ?? '';
room
  .does(cai, { type: 'renameDraft', draftId: annex, title: '附件二' })
  .does(ana, {
    type: 'numberClauses',
    draftId,
    clauses: [
      [7, 0],
      [9, 12],
    ],
  })
  .does(systemActor, {
    type: 'sealRevision',
    draftId,
    lineage: 'l',
    ordinal: 4,
    logDigest: 'd2',
    contentHash: 'h2',
    clauses: [
      [7, 0],
      [11, 3],
      [9, 12],
    ],
  })
  .does(cai, { type: 'nameVersion', draftId, label: '一读稿' });
const versionId = room.state.drafts.get(draftId)?.naming[0]?.versionId;
const second = { type: 'sealRevision', draftId, lineage: 'l', logDigest: 'd3' } as const;
room
  .does(systemActor, { ...second, ordinal: 5, contentHash: 'h2', cause: 'named', versionId })
  .does(systemActor, { ...second, ordinal: 6, contentHash: 'h3', cause: 'paused' })
  .does(ana, { type: 'nameVersion', draftId, label: '二读稿' })
  .does(cai, {
    type: 'gatherSuggestion',
    ask: '间距二百米',
    problem: '太远',
    reason: '老人多',
    sources: [
      { kind: 'comment', comment: 5, quote: '二百米' },
      { kind: 'passage', anchor: passage },
    ],
  })
  .does(ben, { type: 'gatherSuggestion', ask: '加灯', sources: [{ kind: 'comment', comment: 1 }] })
  .does(cai, { type: 'gatherSuggestion', ask: 'Benches', sources: [] })
  .does(cai, { type: 'addSource', suggestion: 3, source: { kind: 'comment', comment: 3 } })
  .does(ben, { type: 'confirmSuggestion', suggestion: 1 })
  .does(ben, { type: 'disputeSuggestion', suggestion: 2, note: '不是这个意思' })
  .does(olga, { type: 'disputeSuggestion', suggestion: 3 })
  .does(ben, { type: 'rewordSuggestion', suggestion: 2, ask: '加路灯', reason: '夜里暗' })
  .does(ben, { type: 'supportSuggestion', suggestion: 1 })
  .does(olga, { type: 'supportSuggestion', suggestion: 1 })
  .does(olga, { type: 'endSuggestionSupport', suggestion: 1 })
  .does(cai, { type: 'mergeSuggestion', suggestion: 2, into: 1 })
  .does(cai, { type: 'undoMerge', suggestion: 2 })
  .does(cai, { type: 'mergeSuggestion', suggestion: 2, into: 1 })
  .does(cai, { type: 'splitSuggestion', suggestion: 3, parts: [{ ask: 'Two benches' }, { ask: 'A roof', problem: 'Rain' }] })
  .does(cai, { type: 'dropSuggestion', suggestion: 4 })
  .does(cai, { type: 'relistSuggestion', suggestion: 4 })
  .does(ana, { type: 'eraseText', of: { kind: 'comment', comment: 5 }, reason: { code: 'personalData', note: '含电话' } })
  .does(ben, { type: 'eraseText', of: { kind: 'suggestion', suggestion: 2 } })
  .does(ana, { type: 'eraseText', of: { kind: 'file', fileId: 'f2' } })
  .does(ana, { type: 'erasePassage', draftId, runs: [[9, 12, 2]], since: 4, until: 6, lines: ['以内'], reason: { code: 'byRequest' } })
  .does(systemActor, { type: 'eraseParticipant', participantId: 'olga', as: 'author', texts: true })
  .does(systemActor, { type: 'suspendParticipant', participantId: 'ben' })
  .does(ana, { type: 'archiveRoom' })
  .does(ana, { type: 'unarchiveRoom' })
  .does(ana, { type: 'deleteRoom' })
  .does(ana, { type: 'undoDeletion' })
  .does(ana, { type: 'deleteRoom' });

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
const meaning = passagesMeaningOf(room.state);
writeFileSync(file, `${JSON.stringify({ commits, meaning }, null, 1)}\n`, { flag: 'wx' });
