import { z } from 'zod';
import { audiences } from '#shared/domain/visibility.ts';
import type { LogEntryView } from '#shared/protocol/historyView.ts';
import type { PersonView } from '#shared/protocol/messages.ts';
import { recordFormat } from '#shared/protocol/recordFile.ts';
import type { RecordLine } from '#shared/protocol/recordFile.ts';
import { id, moment, text } from '#shared/protocol/schemas.ts';

/** A field that is added to what an export writes, and not here, does not compile. */
type Fields<T> = { readonly [K in keyof T]-?: z.ZodType };

const hex = z.string().regex(/^[0-9a-f]*$/);
const count = z.int().min(0);
const label = text.max(400).exactOptional();
const head = z.strictObject({ seq: count, hash: hex });

/** What an event is, `eventProblem` says: it can name what is wrong in it. */
const commit = z.strictObject({
  stream: z.strictObject({ kind: z.literal('room'), id }),
  seq: z.int().min(1),
  at: moment,
  actorId: id,
  commandId: z.string().max(256),
  commandMac: z.string().max(256),
  events: z.array(z.strictObject({ digest: hex, salt: z.string().max(256).exactOptional(), event: z.unknown().optional() })),
  prevHash: hex,
  hash: hex,
});
const entry: Fields<LogEntryView> = {
  ordinal: z.int().min(1),
  kind: z.enum(['update', 'barrier']),
  actorId: id,
  at: moment,
  digest: hex,
  bytes: z.base64(),
  salt: hex.max(256).exactOptional(),
  erased: hex.max(256).exactOptional(),
};
const person: Fields<PersonView> = {
  id,
  displayName: text.max(400),
  guest: z.boolean(),
  organisation: label,
  level: label,
  sector: label,
  imported: z.literal(true).exactOptional(),
  former: z.literal(true).exactOptional(),
};

const lines = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('head'), format: z.literal(recordFormat), roomId: id, view: z.enum(audiences), exportedAt: moment }),
  z.strictObject({ is: z.literal('commit'), commit }),
  z.strictObject({ is: z.literal('entry'), draftId: id, entry: z.strictObject(entry) }),
  z.strictObject({
    is: z.literal('checkpoint'),
    checkpoint: z.strictObject({ room: id, size: count, head: hex, at: moment, key: hex, signature: hex }),
  }),
  z.strictObject({ is: z.literal('person'), person: z.strictObject(person) }),
  z.strictObject({ is: z.literal('file'), fileId: id, sha256: hex, content: z.base64().nullable() }),
  z.strictObject({ is: z.literal('end'), head, lines: count }),
]);

/** A line of an export file, or null where it is none: of another kind, with a field of another shape or one that is not known. */
export function recordLine(written: string): RecordLine | null {
  let value: unknown;
  try {
    value = JSON.parse(written);
  } catch {
    return null;
  }
  return lines.safeParse(value).success ? (value as RecordLine) : null;
}
