import * as Y from 'yjs';
import { entryDigest } from '#server/drafts/entries.ts';
import { createDocument } from '#server/drafts/draftText.ts';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { contentHash, documentText } from '#shared/document/text.ts';
import { commitHash, eventDigest, upcast } from '#shared/domain/commit.ts';
import type { RoomEvent } from '#shared/domain/facts.ts';
import type { World } from './world.ts';

/** What is wrong with a world at its end; all empty where nothing is. */
export interface Verdict {
  /** Acknowledged, and not there. */
  readonly lost: string[];
  /** There more than once. */
  readonly doubled: string[];
  readonly wrong: string[];
}

/**
 * Holds what the people know to be done against both logs, which are read from the store and not through the application: each
 * acknowledged thing once, in the order of the seqs it was acknowledged with, nothing by anybody who had lost the right.
 */
export async function judge(world: World): Promise<Verdict> {
  const verdict: Verdict = { lost: [], doubled: [], wrong: [] };
  await judgeRoom(world, verdict);
  await judgeDraft(world, verdict);
  return verdict;
}

async function judgeRoom(world: World, { lost, doubled, wrong }: Verdict): Promise<void> {
  const commits = await world.store.journal.readCommits({ kind: 'room', id: world.roomId }, 0, 1_000_000);
  const roles = new Map<string, string>();
  let before = { seq: 0, hash: '', at: 0 };
  for (const commit of commits) {
    const events = commit.events.map(upcast);
    const digests = commit.events.map(({ salt }, index) => eventDigest(events[index] as RoomEvent, salt));
    if (commit.seq !== before.seq + 1) wrong.push(`seq ${commit.seq} after ${before.seq}`);
    if (commit.prevHash !== before.hash || commit.hash !== commitHash(commit, digests)) wrong.push(`the chain breaks at ${commit.seq}`);
    if (commit.at <= before.at) wrong.push(`seq ${commit.seq} is not later than the one before`);
    for (const event of events) {
      if (event.type === 'participant.joined' || event.type === 'participant.roleChanged') roles.set(event.participantId, event.role);
      if (event.type === 'comment.posted' && roles.get(commit.actorId) === 'observer') wrong.push(`an observer’s comment at ${commit.seq}`);
    }
    before = commit;
  }
  for (const { id, outcome } of world.commands) {
    const found = commits.filter(({ commandId }) => commandId === id);
    if (found.length > 1) doubled.push(`command ${id} at ${found.map(({ seq }) => seq).join(', ')}`);
    if (outcome === 'unknown') wrong.push(`command ${id} was never answered`);
    else if ('seq' in outcome && found[0]?.seq !== outcome.seq) lost.push(`command ${id}, acknowledged at ${outcome.seq}`);
    else if ('refused' in outcome && found.length > 0) wrong.push(`command ${id} was refused with ${outcome.refused} and is there`);
  }
}

async function judgeDraft(world: World, { lost, doubled, wrong }: Verdict): Promise<void> {
  const doc = createDocument();
  let digest = '';
  for (const [index, entry] of (await world.entries()).entries()) {
    if (entry.ordinal !== index + 1) wrong.push(`ordinal ${entry.ordinal} at place ${index + 1}`);
    if (entryDigest(digest, entry) !== entry.digest) wrong.push(`the draft’s log breaks at ${entry.ordinal}`);
    digest = entry.digest;
    if (entry.kind === 'barrier') continue;
    Y.applyUpdate(doc, entry.bytes);
    const revoked = world.revoked.find(({ who, after, upTo }) => who === entry.actorId && entry.ordinal > after && entry.ordinal <= upTo);
    if (revoked !== undefined) wrong.push(`${entry.actorId} had lost the right at ${revoked.after} and wrote ${entry.ordinal}`);
  }
  const fragment = doc.getXmlFragment(DRAFT_FIELD);
  const text = documentText(fragment);
  const name = (token: string): string => `U+${token.charCodeAt(0).toString(16)}`;
  for (const { token, acked, by } of world.ops.filter(({ kind }) => kind === 'insert')) {
    const count = text.split(token).length - 1;
    const erasures = world.ops.filter((op) => op.kind === 'erase' && op.token === token);
    if (count > 1) doubled.push(`${name(token)} of ${by}, ${count} times`);
    if (count === 0 && acked && erasures.length === 0) lost.push(`${name(token)}, acknowledged to ${by}`);
    if (count > 0 && erasures.some((op) => op.acked)) lost.push(`the deletion of ${name(token)}`);
  }
  const hash = contentHash(fragment);
  for (const writer of world.writers) {
    if (writer.person === null) wrong.push(`${writer.name} never got back in`);
    else if (contentHash(writer.doc.getXmlFragment(DRAFT_FIELD)) !== hash)
      wrong.push(`the copy of ${writer.name} reads otherwise than the log`);
    else if (!Y.equalSnapshots(Y.snapshot(writer.doc), Y.snapshot(doc))) wrong.push(`the copy of ${writer.name} is not the log’s`);
  }
  for (const { app } of world.houses) {
    const read = await app.drafts.read(world.roomId, world.draftId);
    if (read.contentHash !== hash) wrong.push('a house reads otherwise than the log');
  }
}
