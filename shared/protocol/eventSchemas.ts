import { z } from 'zod';
import { stances } from '../domain/comments/events.ts';
import { sealCauses } from '../domain/drafts/events.ts';
import { erasers } from '../domain/erasing/events.ts';
import type { RoomEvent } from '../domain/facts.ts';
import { reasonCodes } from '../domain/participants/events.ts';
import { roles } from '../domain/participants/roles.ts';
import { moment, settings } from './schemas.ts';

/*
 * The shapes of all events, for what comes from outside: an export file may be sound in all its hashes and still say what no room
 * says. Strict: a key that is not known is refused, since nobody could say what it means.
 */

const id = z.string().regex(/^[\w-]{1,64}$/);
const hex = z.string().regex(/^[0-9a-f]{1,128}$/);
const count = z.int().min(0);
const number = z.int().min(1);
/** Rooms of earlier versions took any number for their start; a fold takes one beyond all years for none. */
const loggedTime = z.int();
const words = z.strictObject({ digest: hex, salt: z.string().max(128).exactOptional(), text: z.string().exactOptional() });
const reason = z.strictObject({ code: z.enum(reasonCodes), note: words.nullable() });
const stance = z.enum(stances).nullable();
const run = z.tuple([count, count, number]);
const anchor = z.strictObject({ draftId: id, runs: z.array(run), quote: words, before: words, after: words });
/** Labels had no bound once: in logs of then one that is longer than MAX_CLAUSE_LABEL may stand. Two characters for each sealing. */
const longestLabelKept = 4_096;
const clauses = z.array(z.strictObject({ id: z.tuple([count, count]), label: z.string().max(longestLabelKept) }));
const description = { title: words, question: words, background: words };
const source = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('comment'), comment: number, quote: words.nullable() }),
  z.strictObject({ kind: z.literal('passage'), anchor }),
]);
const erasedThing = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('comment'), comment: number }),
  z.strictObject({ kind: z.literal('suggestion'), suggestion: number }),
  z.strictObject({ kind: z.literal('file'), fileId: id }),
  z.strictObject({
    kind: z.literal('passage'),
    draftId: id,
    runs: z.array(run),
    since: count,
    until: count.nullable(),
    quotes: z.array(hex),
  }),
]);
const suggestionText = { ask: words, problem: words.nullable(), reason: words.nullable() };
const origin = z.strictObject({ roomId: id, seq: number, hash: hex, at: moment });

/** A field that is added to an event, and not to its line here, does not compile. */
type Fields<T extends RoomEvent['type']> = { readonly [K in Exclude<keyof Extract<RoomEvent, { type: T }>, 'type' | 'v'>]-?: z.ZodType };

function event<T extends RoomEvent['type'], F extends Fields<T>>(type: T, fields: F) {
  return z.strictObject({ type: z.literal(type), v: z.literal(1), ...fields });
}

/** One line per type of event. A type without a line, or with one of another shape, does not compile. */
export const eventSchemas = {
  'room.created': event('room.created', { ...description, settings, origin: origin.exactOptional() }),
  'room.described': event('room.described', description),
  'room.settingsChanged': event('room.settingsChanged', { settings }),
  'room.commentingOpened': event('room.commentingOpened', {}),
  'room.commentingClosed': event('room.commentingClosed', {}),
  'room.paused': event('room.paused', { note: words.nullable() }),
  'room.resumed': event('room.resumed', {}),
  'room.scheduled': event('room.scheduled', { startsAt: loggedTime.nullable() }),
  'room.archived': event('room.archived', {}),
  'room.unarchived': event('room.unarchived', {}),
  'room.deleted': event('room.deleted', { untilAt: moment }),
  'room.deletionUndone': event('room.deletionUndone', {}),
  'file.added': event('file.added', { fileId: id, name: words, contentType: z.string().max(256), bytes: count, sha256: hex }),
  'file.removed': event('file.removed', { fileId: id }),
  'room.closed': event('room.closed', {}),
  'room.reopened': event('room.reopened', {}),
  'participant.joined': event('participant.joined', {
    participantId: id,
    role: z.enum(roles),
    via: z.enum(['creation', 'invitation', 'guest']),
  }),
  'participant.roleChanged': event('participant.roleChanged', { participantId: id, role: z.enum(roles), was: z.enum(roles) }),
  'participant.muted': event('participant.muted', { participantId: id, reason }),
  'participant.unmuted': event('participant.unmuted', { participantId: id }),
  'participant.removed': event('participant.removed', { participantId: id, reason }),
  'participant.readmitted': event('participant.readmitted', { participantId: id }),
  'participant.suspended': event('participant.suspended', { participantId: id }),
  'participant.resumed': event('participant.resumed', { participantId: id }),
  'draft.created': event('draft.created', { draftId: id, lineage: id, title: words.exactOptional() }),
  'draft.renamed': event('draft.renamed', { draftId: id, title: words }),
  'draft.clausesNumbered': event('draft.clausesNumbered', { draftId: id, clauses }),
  'draft.locked': event('draft.locked', { draftId: id }),
  'draft.unlocked': event('draft.unlocked', { draftId: id }),
  'draft.versionNamed': event('draft.versionNamed', { draftId: id, versionId: id, label: words }),
  'draft.revisionSealed': event('draft.revisionSealed', {
    draftId: id,
    revision: number,
    lineage: id,
    ordinal: count,
    logDigest: z.string().max(128),
    content: words.exactOptional(),
    contentHash: z.string().max(128).exactOptional(),
    clauses: clauses.exactOptional(),
    cause: z.enum(sealCauses).exactOptional(),
    versionId: id.exactOptional(),
  }),
  'comment.posted': event('comment.posted', {
    comment: number,
    parent: number.nullable(),
    stance,
    body: words,
    anchor: anchor.nullable(),
    mentions: z.array(id).exactOptional(),
    spokenBy: id.exactOptional(),
    held: z.literal(true).exactOptional(),
  }),
  'comment.published': event('comment.published', { comment: number }),
  'comment.edited': event('comment.edited', { comment: number, body: words, stance, held: z.literal(true).exactOptional() }),
  'comment.withdrawn': event('comment.withdrawn', { comment: number }),
  'comment.supported': event('comment.supported', { comment: number }),
  'comment.supportEnded': event('comment.supportEnded', { comment: number }),
  'comment.resolved': event('comment.resolved', { comment: number }),
  'comment.reopened': event('comment.reopened', { comment: number }),
  'comment.hidden': event('comment.hidden', { comment: number, reason }),
  'comment.restored': event('comment.restored', { comment: number }),
  'suggestion.gathered': event('suggestion.gathered', { suggestion: number, sources: z.array(source), ...suggestionText }),
  'suggestion.reworded': event('suggestion.reworded', { suggestion: number, ...suggestionText }),
  'suggestion.sourced': event('suggestion.sourced', { suggestion: number, source }),
  'suggestion.confirmed': event('suggestion.confirmed', { suggestion: number }),
  'suggestion.disputed': event('suggestion.disputed', { suggestion: number, note: words.nullable() }),
  'suggestion.merged': event('suggestion.merged', { suggestion: number, into: number }),
  'suggestion.mergeUndone': event('suggestion.mergeUndone', { suggestion: number }),
  'suggestion.dropped': event('suggestion.dropped', { suggestion: number }),
  'suggestion.relisted': event('suggestion.relisted', { suggestion: number }),
  'suggestion.supported': event('suggestion.supported', { suggestion: number }),
  'suggestion.supportEnded': event('suggestion.supportEnded', { suggestion: number }),
  'text.erased': event('text.erased', { of: erasedThing, as: z.enum(erasers), reason: reason.nullable() }),
  'participant.erased': event('participant.erased', {
    participantId: id,
    as: z.enum(['author', 'administrator']),
    texts: z.boolean(),
    reason: reason.nullable(),
  }),
} satisfies { readonly [T in RoomEvent['type']]: z.ZodType<Extract<RoomEvent, { type: T }>> };

/** Why something is no event that a room writes: the type it gives, and the path to its first part that is wrong. Null where it is one. */
export function eventProblem(value: unknown): { readonly type: string; readonly field: string } | null {
  const given: unknown = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
  const type = typeof given === 'string' ? given.slice(0, MOST_SAID) : '?';
  if (typeof given !== 'string' || !Object.hasOwn(eventSchemas, given)) return { type, field: 'type' };
  const issue = eventSchemas[given as RoomEvent['type']].safeParse(value).error?.issues[0];
  if (issue === undefined) return null;
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  return { type, field: [...issue.path, ...unknown].join('.').slice(0, MOST_SAID) };
}

const MOST_SAID = 80;
