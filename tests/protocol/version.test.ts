import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { EDITOR_VERSION, markRules, nodeRules } from '#shared/document/schema.ts';
import { canonicalJson } from '#shared/lib/canonical.ts';
import type { Json } from '#shared/lib/canonical.ts';
import { closeCodes, retryCodes } from '#shared/protocol/close.ts';
import { draftQuery, frameTypes } from '#shared/protocol/frames.ts';
import { bodies, messages } from '#shared/protocol/schemas.ts';
import { PROTOCOL_VERSION } from '#shared/protocol/version.ts';
import { Declarations } from './declarations.ts';
import { routes } from './routeTable.ts';

/** Files whose declared types are what the server sends: messages, commits, events and the state folded from them. */
const sent = [
  'protocol/messages',
  'protocol/frames',
  'protocol/historyView',
  'domain/proof/checkpoint',
  'protocol/recordFile',
  'document/history/woven',
  'document/history/textAt',
  'domain/commit',
  'domain/state',
  'domain/snapshot',
  'domain/words',
  'domain/rejections',
  'domain/room/events',
  'domain/participants/events',
  'domain/comments/events',
  'domain/drafts/events',
  'domain/suggestions/events',
  'domain/erasing/events',
];

function schemasOf(table: Readonly<Record<string, z.ZodType>>): Record<string, Json> {
  return Object.fromEntries(Object.entries(table).map(([name, schema]) => [name, z.toJSONSchema(schema) as Json]));
}

/** Everything that crosses the wires, spelt in one way. */
function wires(): Json {
  return {
    messages: schemasOf(messages),
    bodies: schemasOf(bodies),
    routes: routes.map(({ method, path, who, scope }) => `${method} ${path} ${who} ${scope}`).sort(),
    frames: frameTypes,
    close: { ...closeCodes, ...retryCodes },
    query: draftQuery,
    types: Object.fromEntries(sent.map((file) => [file, new Declarations(`shared/${file}.ts`).spelling])),
  };
}

const hashOf = (value: Json): string => createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, 16);

/*
 * If this fails, what crosses the wires has changed. Either that was not meant, or: raise PROTOCOL_VERSION, add its line of
 * history in shared/protocol/version.ts, describe the change in docs/PROTOCOL.md, and write both numbers here.
 */
test('[DOOR2] a change of what crosses the wires comes with a new version', () => {
  expect({ version: PROTOCOL_VERSION, hash: hashOf(wires()) }).toEqual({ version: 3, hash: '33cc0bc83a0479cc' });
});

/* The same for the schema of the draft: an editor that does not know a node deletes it for everybody. */
test('[DOOR2] a change of what may stand in a draft comes with a new version of the editor', () => {
  const nodes = [...nodeRules].map(([name, { attributes, children }]) => [name, [...attributes.keys()], [...children].sort()]);
  const marks = [...markRules].map(([name, attributes]) => [name, [...attributes.keys()]]);
  expect({ version: EDITOR_VERSION, hash: hashOf([nodes, marks] as unknown as Json) }).toEqual({ version: 3, hash: '3ceb7f63f78676cd' });
});
