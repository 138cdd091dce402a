import { z } from 'zod';
import { stances } from '../domain/comments/events.ts';
import { reasonCodes } from '../domain/participants/events.ts';
import { roles } from '../domain/participants/roles.ts';
import { commenterSettings, reviews, visibilities } from '../domain/room/events.ts';
import { earliestTime, latestTime } from '../domain/times.ts';

/*
 * What the doors let through. Strict everywhere: an unknown key, an operator in place of a string or a `__proto__` key is
 * refused before anything looks at it. Lengths here only keep absurd input out; the limits that people meet are the
 * domain's, which answers them with a sentence.
 */

const MOST_TEXT = 65_536;

function isText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\u0000');
}

/** Free text: well-formed Unicode without NUL. */
export const text = z.string().max(MOST_TEXT).refine(isText);
/** An id made by the server. */
export const id = z.string().regex(/^[\w-]{1,64}$/);
/** The id a client gives its command. */
export const commandId = z.string().regex(/^[\w-]{8,64}$/);
const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
/** A time in the years people live in, in milliseconds since 1970. */
export const moment = z.int().min(earliestTime).max(latestTime);
const comment = z.int().min(1).max(1_000_000_000);
const reason = z.strictObject({ code: z.enum(reasonCodes), note: text.optional() });
const run = z.tuple([count, count, z.int().min(1).max(100_000)]);
const anchor = z.strictObject({ draftId: id, runs: z.array(run).max(5_000), quote: text, before: text, after: text });
const stance = z.enum(stances).nullable().optional();

export const settings = z.strictObject({
  visibility: z.enum(visibilities),
  whoComments: z.enum(commenterSettings),
  guests: z.boolean(),
  slowModeMs: z.int().min(0).max(3_600_000).optional(),
  commentsPerPerson: z.int().min(0).max(10_000).optional(),
  review: z.enum(reviews).optional(),
});

const suggestion = z.int().min(1).max(1_000_000_000);
const source = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('comment'), comment, quote: text.optional() }),
  z.strictObject({ kind: z.literal('passage'), anchor }),
]);
const erasedThing = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('comment'), comment }),
  z.strictObject({ kind: z.literal('suggestion'), suggestion }),
  z.strictObject({ kind: z.literal('file'), fileId: id }),
]);
const passageRuns = z
  .array(z.tuple([z.int().min(0), z.int().min(0), z.int().min(1).max(10_000)]))
  .min(1)
  .max(2_000);
/** The characters of one place, or words wherever they stand. */
const wantedPassage = z.union([z.strictObject({ runs: passageRuns }), z.strictObject({ words: z.string().trim().min(1).max(2_000) })]);
const suggestionText = { ask: text, problem: text.optional(), reason: text.optional() };
const clause = z.tuple([count, count]);

/** Every command a person may send. What only the system or the creation of a room may do is not here. */
export const command = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('describeRoom'), title: text, question: text, background: text }),
  z.strictObject({ type: z.literal('changeSettings'), settings }),
  z.strictObject({ type: z.literal('openCommenting') }),
  z.strictObject({ type: z.literal('closeCommenting') }),
  z.strictObject({ type: z.literal('closeRoom') }),
  z.strictObject({ type: z.literal('reopenRoom') }),
  z.strictObject({ type: z.literal('changeRole'), participantId: id, role: z.enum(roles) }),
  z.strictObject({ type: z.literal('muteParticipant'), participantId: id, reason }),
  z.strictObject({ type: z.literal('unmuteParticipant'), participantId: id }),
  z.strictObject({ type: z.literal('removeParticipant'), participantId: id, reason }),
  z.strictObject({ type: z.literal('readmitParticipant'), participantId: id }),
  z.strictObject({ type: z.literal('lockDraft'), draftId: id }),
  z.strictObject({ type: z.literal('unlockDraft'), draftId: id }),
  z.strictObject({
    type: z.literal('postComment'),
    body: text,
    parent: comment.nullable().optional(),
    stance,
    anchor: anchor.nullable().optional(),
    mentions: z.array(id).max(200).optional(),
  }),
  z.strictObject({
    type: z.literal('recordSpeech'),
    speakerId: id,
    body: text,
    parent: comment.nullable().optional(),
    stance,
    anchor: anchor.nullable().optional(),
  }),
  z.strictObject({ type: z.literal('publishComment'), comment }),
  z.strictObject({ type: z.literal('editComment'), comment, body: text, stance }),
  z.strictObject({ type: z.literal('withdrawComment'), comment }),
  z.strictObject({ type: z.literal('supportComment'), comment }),
  z.strictObject({ type: z.literal('endSupport'), comment }),
  z.strictObject({ type: z.literal('resolveComment'), comment }),
  z.strictObject({ type: z.literal('reopenComment'), comment }),
  z.strictObject({ type: z.literal('hideComment'), comment, reason }),
  z.strictObject({ type: z.literal('restoreComment'), comment }),
  z.strictObject({ type: z.literal('pauseRoom'), note: text.optional() }),
  z.strictObject({ type: z.literal('resumeRoom') }),
  z.strictObject({ type: z.literal('scheduleRoom'), startsAt: moment.nullable() }),
  z.strictObject({ type: z.literal('archiveRoom') }),
  z.strictObject({ type: z.literal('unarchiveRoom') }),
  z.strictObject({ type: z.literal('deleteRoom') }),
  z.strictObject({ type: z.literal('undoDeletion') }),
  z.strictObject({ type: z.literal('removeFile'), fileId: id }),
  z.strictObject({ type: z.literal('createDraft'), title: text }),
  z.strictObject({ type: z.literal('renameDraft'), draftId: id, title: text }),
  z.strictObject({ type: z.literal('numberClauses'), draftId: id, clauses: z.array(clause).max(10_000) }),
  z.strictObject({ type: z.literal('nameVersion'), draftId: id, label: text }),
  z.strictObject({ type: z.literal('makeSuggestion'), anchor: anchor.nullish(), ...suggestionText }),
  z.strictObject({ type: z.literal('gatherSuggestion'), sources: z.array(source).max(1_000), ...suggestionText }),
  z.strictObject({ type: z.literal('rewordSuggestion'), suggestion, ...suggestionText }),
  z.strictObject({ type: z.literal('addSource'), suggestion, source }),
  z.strictObject({ type: z.literal('confirmSuggestion'), suggestion }),
  z.strictObject({ type: z.literal('disputeSuggestion'), suggestion, note: text.optional() }),
  z.strictObject({ type: z.literal('mergeSuggestion'), suggestion, into: suggestion }),
  z.strictObject({ type: z.literal('undoMerge'), suggestion }),
  z.strictObject({ type: z.literal('splitSuggestion'), suggestion, parts: z.array(z.strictObject(suggestionText)).max(100) }),
  z.strictObject({ type: z.literal('dropSuggestion'), suggestion }),
  z.strictObject({ type: z.literal('relistSuggestion'), suggestion }),
  z.strictObject({ type: z.literal('supportSuggestion'), suggestion }),
  z.strictObject({ type: z.literal('endSuggestionSupport'), suggestion }),
  z.strictObject({ type: z.literal('eraseText'), of: erasedThing, reason: reason.optional() }),
]);

const head = z.strictObject({ seq: count, hash: z.string().regex(/^([0-9a-f]{64})?$/) });

/** Socket.IO messages from a client. */
export const messages = {
  'room:join': z.strictObject({
    v: z.int(),
    roomId: id,
    after: head.optional(),
    packs: z.literal('gzip').optional(),
    lean: z.boolean().optional(),
  }),
  'command:send': z.strictObject({ commandId, command }),
  'room:catchup': z.strictObject({ after: count }),
  'presence:set': z.strictObject({ typing: z.enum(['draft', 'comment']).nullable() }),
} as const;

const secret = z.string().regex(/^[\w-]{20,100}$/);
const shortText = z.string().max(1_000).refine(isText);
const days = z.int().min(1).max(365);

/** Bodies of HTTP requests. */
export const bodies = {
  setUp: z.strictObject({ token: secret, handle: shortText, displayName: shortText, password: shortText }),
  signIn: z.strictObject({ handle: shortText, password: shortText }),
  createAccount: z.strictObject({ invitation: secret, handle: shortText, displayName: shortText, password: shortText }),
  rename: z.strictObject({ displayName: shortText }),
  changePassword: z.strictObject({ current: shortText, next: shortText }),
  createRoom: z.strictObject({
    title: text.optional(),
    question: text.optional(),
    background: text.optional(),
    visibility: z.enum(visibilities).optional(),
    whoComments: z.enum(commenterSettings).optional(),
    guests: z.boolean().optional(),
    from: id.optional(),
  }),
  createInvitation: z.strictObject({ role: z.enum(roles), label: shortText.optional(), days }),
  followInvitation: z.strictObject({ secret }),
  acceptInvitation: z.strictObject({ secret, guestName: shortText.optional() }),
  importRoster: z.strictObject({
    people: z
      .array(
        z.strictObject({
          displayName: shortText,
          handle: shortText.optional(),
          organisation: shortText.optional(),
          level: shortText.optional(),
          sector: shortText.optional(),
          role: z.enum(roles),
        }),
      )
      .min(1)
      .max(10_000),
  }),
  printSlips: z.strictObject({ participantIds: z.union([z.literal('all'), z.array(id).min(1).max(10_000)]) }),
  personalLink: z.strictObject({ secret }),
  eraseText: z.strictObject({ of: erasedThing, reason }),
  passage: z.strictObject({ of: wantedPassage }),
  erasePassage: z.strictObject({ of: wantedPassage, elsewhere: z.boolean(), under: z.boolean(), reason }),
  erasePerson: z.strictObject({ principal: z.string().regex(/^(account|guest|imported):[\w-]{1,64}$/), texts: z.boolean(), reason }),
  suspend: z.strictObject({ principal: z.string().regex(/^account:[\w-]{1,64}$/), reason }),
  eraseMe: z.strictObject({ password: shortText.optional(), texts: z.boolean() }),
  openSample: z.strictObject({ lang: z.enum(['zh', 'en']) }),
  createToken: z.strictObject({
    label: shortText,
    days,
    scopes: z
      .array(z.enum(['read', 'write']))
      .min(1)
      .max(2),
  }),
} as const;
