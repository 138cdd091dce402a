import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WireCommit } from '#shared/domain/commit.ts';
import type { Checkpoint } from '#shared/domain/proof/checkpoint.ts';
import type { Finding } from '#shared/domain/proof/finding.ts';
import type { DraftLogPage } from '#shared/protocol/historyView.ts';
import { findingWords } from '#shared/protocol/findingWords.ts';
import type { OutcomeAnswer } from '#shared/protocol/outcomeView.ts';
import type { Api } from '#client/lib/api/client.ts';
import { checkRecord } from '#client/lib/record/checkRecord.ts';
import type { RecordReport } from '#client/lib/record/checkRecord.ts';
import { passingCheckpointKey } from '#server/access/checkpointKey.ts';
import { loadText } from '#server/drafts/load.ts';
import { outcomeView } from '#server/rooms/outcomeReading.ts';
import { wireCommit } from '#server/rooms/redaction.ts';
import type { Recorded } from '../support/recordedRoom.ts';
import { recordedRoom } from '../support/recordedRoom.ts';

interface Answers {
  log: { commits: WireCommit[]; head: { seq: number; hash: string } };
  draft: { lineage: string; entries: DraftLogPage['entries'][number][] };
  outcome: OutcomeAnswer;
  marks: { checkpoints: Checkpoint[] };
}

const key = passingCheckpointKey();
let recorded: Recorded;
let honest: Answers;

beforeAll(async () => {
  recorded = await recordedRoom();
  const { rooms, store } = await recorded.installation.process();
  const { roomId, draftId } = recorded;
  const document = (await loadText(store, draftId)).text.document();
  honest = await rooms.with(roomId, async ({ state, head }) => {
    const commits = await store.journal.readCommits({ kind: 'room', id: roomId }, 0, 500);
    const entries = await store.journal.readDraft(draftId, 0, 500);
    const text = { draftId, title: null, revision: { number: 1, at: 1 }, document: document.document, labels: [] };
    return {
      // What a stranger is given: hidden and withdrawn words are not in it.
      log: { commits: commits.map((commit) => wireCommit(commit, state, 'everyone')), head },
      draft: {
        lineage: '',
        entries: entries.map(({ bytes, draftId: _draft, ...entry }) => ({ ...entry, bytes: Buffer.from(bytes).toString('base64') })),
      },
      marks: {
        checkpoints: [
          key.sign({ room: roomId, size: 3, head: commits[2]?.hash ?? '', at: 5 }),
          key.sign({ room: roomId, size: head.seq, head: head.hash, at: 6 }),
        ],
      },
      outcome: { outcome: outcomeView(roomId, state, [text], [], 1), yours: null },
    };
  });
});
afterAll(() => recorded.installation.dispose());

/** A server that answers from `answers`, page by page as the real one. */
function serverOf(answers: Answers): Api {
  const answer = (path: string): unknown => {
    const { pathname, searchParams } = new URL(path, 'http://localhost');
    const after = Number(searchParams.get('after') ?? 0);
    const limit = Number(searchParams.get('limit') ?? 200);
    if (pathname.endsWith('/outcome')) return answers.outcome;
    if (pathname.endsWith('/checkpoints')) return answers.marks;
    // Pages end where their bytes do, long before the limit: only `next` says whether something is behind.
    const most = Math.min(limit, 3);
    if (pathname.includes('/drafts/')) {
      const entries = answers.draft.entries.filter(({ ordinal }) => ordinal > after).slice(0, most);
      return { ...answers.draft, entries, next: entries.at(-1)?.ordinal ?? null };
    }
    const commits = answers.log.commits.filter(({ seq }) => seq > after).slice(0, most);
    const last = commits.at(-1)?.seq ?? answers.log.head.seq;
    return { ...answers.log, commits, next: last < answers.log.head.seq ? last : null };
  };
  const none = () => Promise.reject(new Error('nothing is written'));
  return {
    get: <T>(path: string) => Promise.resolve({ ok: true as const, value: answer(path) as T }),
    post: none,
    put: none,
    delete: none,
  };
}

function checked(change: (answers: Answers) => void = () => undefined): Promise<RecordReport> {
  const answers = structuredClone(honest);
  change(answers);
  return checkRecord(serverOf(answers), recorded.roomId, answers.outcome.outcome, () => undefined);
}

/** Rewrites one text, wherever it stands in what the server answers. */
function rewrite(part: 'log' | 'outcome', from: string, to: string): (answers: Answers) => void {
  return (answers) => {
    const changed = JSON.stringify(answers[part]).replaceAll(from, to);
    if (changed === JSON.stringify(answers[part])) throw new Error(`${from} is nowhere`);
    Object.assign(answers, { [part]: JSON.parse(changed) as unknown });
  };
}

describe('[TRU3] checking a record in the reader’s browser', () => {
  test('an honest server: all is counted, and what could not be read is said', async () => {
    const report = await checked();
    expect(report).toMatchObject({ is: 'sound', head: honest.log.head });
    if (report.is !== 'sound') return;
    expect(report.counts).toMatchObject({
      comments: 1,
      suggestions: 1,
      figures: 10,
      edits: 3,
      versions: 1,
      finalTexts: 1,
      unreadVersions: 0,
      marks: 2,
      signatures: 2,
    });
    expect(report.counts.entries).toBe(honest.log.commits.length);
    // The body of the hidden comment and of the withdrawn one.
    expect(report.counts.withheld).toBe(2);
  });

  const lies: readonly (readonly [string, (answers: Answers) => void, Partial<Finding>])[] = [
    ['a comment in other words', rewrite('log', '无障碍入口应设在正门', '无障碍入口不应设在正门'), { what: 'textChanged', seq: 3 }],
    [
      'an act of steering by another',
      rewrite('log', '"actorId":"ana","commandId":"h2"', '"actorId":"ben","commandId":"h2"'),
      { what: 'commitChanged', seq: 6 },
    ],
    ['an entry left out', ({ log }) => void log.commits.splice(4, 1), { what: 'commitMissing', seq: 5 }],
    ['the end left out', ({ log }) => void log.commits.pop(), { what: 'historyCut' }],
    [
      'an event in place of another',
      ({ log }) => Object.assign(log.commits[7]?.events[0]?.event ?? {}, { comment: 2 }),
      { what: 'eventChanged', seq: 8 } as Finding,
    ],
    [
      'all made anew, with hashes that fit',
      ({ marks }) => Object.assign(marks, { checkpoints: [key.sign({ room: recorded.roomId, size: 2, head: 'f', at: 5 })] }),
      { what: 'historyReplaced', seq: 2 },
    ],
    [
      'an end before a signed mark',
      ({ marks }) => Object.assign(marks, { checkpoints: [key.sign({ room: recorded.roomId, size: 99, head: 'f', at: 5 })] }),
      { what: 'historyCut', seq: 99 },
    ],
    ['a mark signed by nobody', ({ marks }) => Object.assign(marks.checkpoints[0] ?? {}, { at: 7 }), { what: 'checkpointForged', seq: 3 }],
    ['another end', (answers) => void (answers.log.head = { ...answers.log.head, hash: 'f' }), { what: 'historyReplaced' }],
    [
      'a figure that is too high',
      ({ outcome }) => Object.assign(outcome.outcome.counts, { people: ['ana', 'ben', 'cai'] }),
      { what: 'shownCount', count: 'people', shown: 3 },
    ],
    ['another comment on the page', rewrite('outcome', '"text":"无障碍入口', '"text":"有障碍入口'), { what: 'shownComment', comment: 1 }],
    ['another suggestion on the page', rewrite('outcome', 'A ramp', 'A lift'), { what: 'shownSuggestion', suggestion: 1 }],
    ['another final text on the page', rewrite('outcome', '第三条 每年复查', '第三条 不再复查'), { what: 'shownText' }],
    ['an edit left out', ({ draft }) => void draft.entries.splice(1, 1), { what: 'draftEntryMissing', ordinal: 2 }],
    [
      'an edit in other bytes',
      ({ draft }) => Object.assign(draft.entries[1] ?? {}, { bytes: draft.entries[0]?.bytes }),
      { what: 'draftEntryChanged', ordinal: 2 },
    ],
    ['the edits cut off before the sealed version', ({ draft }) => void draft.entries.splice(3), { what: 'revisionCut', ordinal: 4 }],
  ];
  test.each(lies)('names %s', async (_name, lie, expected) => {
    const report = await checked(lie);
    expect(report).toMatchObject({ is: 'wrong', finding: expected });
    if (report.is === 'wrong') for (const language of ['zh', 'en'] as const) expect(findingWords(report.finding, language)).not.toBe('');
  });

  test('a record that cannot be read to its end is called neither sound nor wrong', async () => {
    const api: Api = { ...serverOf(honest), get: () => Promise.resolve({ ok: false, rejection: { code: 'offline' } }) };
    expect(await checkRecord(api, recorded.roomId, null, () => undefined)).toEqual({ is: 'unread', refusal: { code: 'offline' } });
  });
});
