import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { healthRoutes } from '#server/http/health.ts';
import type { StoreHealth } from '#server/storeHealth.ts';
import { refusal } from '#server/http/route.ts';
import { keepAliveFrame, savedFrame, stepOneFrame, updateFrame } from '#server/drafts/frames.ts';
import { DRAFT_FIELD, EDITOR_VERSION, MAX_DEPTH, markRules, nodeRules, rootChildren } from '#shared/document/schema.ts';
import { defaultLimits } from '#shared/domain/limits.ts';
import { stances } from '#shared/domain/comments/events.ts';
import { reasonCodes } from '#shared/domain/participants/events.ts';
import { capabilities, capabilitiesOf, roles } from '#shared/domain/participants/roles.ts';
import { rejectionCodes } from '#shared/domain/rejections.ts';
import type { Rejection } from '#shared/domain/rejections.ts';
import { rules } from '#shared/domain/rules.ts';
import { commenterSettings, reviews, visibilities } from '#shared/domain/room/events.ts';
import { audienceOf, audiences } from '#shared/domain/visibility.ts';
import { hashFields } from '#shared/lib/hash.ts';
import { closeCodes, retryCodes } from '#shared/protocol/close.ts';
import { draftQuery, frameTypes } from '#shared/protocol/frames.ts';
import { command, messages } from '#shared/protocol/schemas.ts';
import { PROTOCOL_VERSION } from '#shared/protocol/version.ts';
import { Declarations } from './declarations.ts';
import { routes } from './routeTable.ts';
import { code, codes, list, tablesOf, tableWith } from './tables.ts';

const page = readFileSync('docs/PROTOCOL.md', 'utf8');
const tables = tablesOf(page);
const sorted = (names: Iterable<string>): readonly string[] => [...names].sort();

interface JsonSchema {
  readonly properties?: Readonly<Record<string, { readonly const?: string }>>;
  readonly required?: readonly string[];
  readonly oneOf?: readonly JsonSchema[];
}

/** Field names of a strict object schema, `?` behind those that may be absent. */
function schemaFields(schema: z.ZodType | JsonSchema): readonly string[] {
  const { properties = {}, required = [] } = (schema instanceof z.ZodType ? z.toJSONSchema(schema) : schema) as JsonSchema;
  return Object.keys(properties).map((name) => (required.includes(name) ? name : `${name}?`));
}

const shared = (file: string): Declarations => new Declarations(`shared/${file}.ts`);

describe('docs/PROTOCOL.md tells what the code does', () => {
  test('[DOOR1] every HTTP route with who may, which scope and which body, and no other', () => {
    const written = tableWith(tables, 'route', 'who', 'scope', 'body').rows.map((row) => ({
      route: code(row['route']),
      who: row['who'],
      scope: row['scope'],
      body: sorted(list(row['body'])),
    }));
    const real = routes.map(({ method, path, who, scope, body }) => ({
      route: `${method.toUpperCase()} ${path}`,
      who,
      scope,
      body: sorted(body === undefined ? [] : schemaFields(body)),
    }));
    expect(written.toSorted((a, b) => a.route.localeCompare(b.route))).toEqual(real.toSorted((a, b) => a.route.localeCompare(b.route)));
    expect(new Set(real.map(({ route }) => route)).size).toBe(real.length);
  });

  test('[DOOR1] every refusal named for a route or command exists', () => {
    const known = new Set<string>(rejectionCodes);
    for (const row of [...tableWith(tables, 'route').rows, ...tableWith(tables, 'command').rows]) {
      for (const name of codes(row['refusals of its own']))
        expect(known, `${row['route'] ?? row['command'] ?? ''}: ${name}`).toContain(name);
    }
  });

  test('the addresses of health', () => {
    const health = healthRoutes({} as StoreHealth).stack.flatMap((layer) => (layer.route === undefined ? [] : [layer.route.path]));
    expect(health.length).toBeGreaterThan(0);
    const written = tableWith(tables, 'path', 'what').rows.map((row) => code(row['path']));
    expect(written.filter((path) => path.endsWith('z'))).toEqual(health);
  });

  test('[DOOR1] every rejection with its facts and its status', () => {
    const facts = shared('domain/rejections').union('Rejection', 'code');
    const written = tableWith(tables, 'code', 'facts', 'HTTP').rows;
    expect(sorted(written.map((row) => code(row['code'])))).toEqual(sorted(rejectionCodes));
    for (const row of written) {
      const name = code(row['code']);
      expect(list(row['facts']), name).toEqual(facts.get(name));
      expect(Number(row['HTTP']), name).toBe(refusal({ code: name } as Rejection).status);
    }
  });

  test('[DOOR1] every message with its fields', () => {
    const [up, down] = tables.filter(({ columns }) => columns[0] === 'message');
    const declared = shared('protocol/messages');
    expect(up?.rows.map((row) => code(row['message']))).toEqual(Object.keys(messages));
    expect(Object.keys(messages)).toEqual([...declared.handlers('Up').keys()]);
    for (const row of up?.rows ?? []) {
      const name = code(row['message']) as keyof typeof messages;
      expect(list(row['fields']), name).toEqual(schemaFields(messages[name]));
    }
    const handlers = declared.handlers('Down');
    expect(down?.rows.map((row) => code(row['message']))).toEqual([...handlers.keys()]);
    for (const row of down?.rows ?? []) {
      const carried = handlers.get(code(row['message'])) ?? [];
      expect(list(row['fields']), code(row['message'])).toEqual(typeof carried === 'string' ? declared.fields(carried) : carried);
    }
  });

  test('[DOOR1] every command with its fields and the event it leads to', () => {
    const schemas = new Map(
      ((z.toJSONSchema(command) as JsonSchema).oneOf ?? []).map((option) => [option.properties?.['type']?.const ?? '', option]),
    );
    const written = tableWith(tables, 'command', 'fields', 'needs', 'event').rows;
    expect(sorted(written.map((row) => code(row['command'])))).toEqual(sorted(schemas.keys()));
    const notSent = new Set([
      'createRoom',
      'admitParticipant',
      'sealRevision',
      'addFile',
      'eraseParticipant',
      'erasePassage',
      'suspendParticipant',
      'resumeParticipant',
    ]);
    expect(sorted([...schemas.keys(), ...notSent])).toEqual(sorted(Object.keys(rules)));
    for (const row of written) {
      const name = code(row['command']);
      const fields = schemaFields(schemas.get(name) ?? {}).filter((field) => field !== 'type');
      expect(list(row['fields']), name).toEqual(fields);
      expect(Object.keys(audienceOf), name).toContain(code(row['event']));
      expect(capabilities, name).toContain(codes(row['needs'])[0]);
    }
  });

  test('[DOOR1] every event with its fields', () => {
    const declared = new Map([
      ...shared('domain/room/events').union('RoomLifeEvent', 'type'),
      ...shared('domain/participants/events').union('ParticipantEvent', 'type'),
      ...shared('domain/drafts/events').union('DraftEvent', 'type'),
      ...shared('domain/comments/events').union('CommentEvent', 'type'),
      ...shared('domain/suggestions/events').union('SuggestionEvent', 'type'),
      ...shared('domain/erasing/events').union('ErasingEvent', 'type'),
    ]);
    expect(sorted(declared.keys())).toEqual(sorted(Object.keys(audienceOf)));
    const written = tables.find(({ columns }) => columns[0] === 'event')?.rows ?? [];
    expect(written.map((row) => code(row['event']))).toEqual(Object.keys(audienceOf));
    for (const row of written) {
      const name = code(row['event']);
      expect(['v', ...list(row['fields'])], name).toEqual(declared.get(name));
    }
  });

  test('[DOOR1] every object with its fields', () => {
    const messagesFile = shared('protocol/messages');
    const commit = shared('domain/commit');
    const state = shared('domain/state');
    const own = (file: Declarations, ...names: readonly string[]) => names.map((name) => [name, file.fields(name)] as const);
    const declared = new Map<string, readonly string[]>([
      ...own(
        messagesFile,
        'Head',
        'Joined',
        'You',
        'PersonView',
        'Presence',
        'PresenceEntry',
        'PresenceChange',
        'RoomSizeView',
        'RoomCard',
        'LogPage',
        'Me',
      ),
      ...own(messagesFile, 'InvitationView', 'InvitationPreview'),
      ...own(messagesFile, 'PersonEntry', 'RosterPerson', 'Slip', 'SlipSheet', 'PersonalLinkPreview', 'AddressesView'),
      ...own(commit, 'StreamRef', 'WireEvent'),
      // What a commit is on the wire extends what is stored; a snapshot is the state with plain lists.
      ['WireCommit', commit.fields('Commit')],
      [
        'LeanCommit',
        [
          ...commit.fields('Commit').filter((field) => ['seq', 'at', 'actorId', 'commandId'].includes(field)),
          ...commit.fields('LeanCommit'),
        ],
      ],
      ['RoomSnapshot', state.fields('RoomFacts')],
      ...own(state, 'Participant', 'DraftState', 'Comment', 'CommentVersion', 'SteeringEntry', 'Suggestion', 'RoomFile'),
      ...own(shared('domain/drafts/events'), 'NumberedClause'),
      ...own(shared('domain/words'), 'Words'),
      ...own(shared('domain/room/events'), 'RoomSettings'),
      ...own(shared('domain/comments/events'), 'CommentAnchor'),
      ...own(shared('domain/participants/events'), 'Reason'),
      ...own(shared('domain/erasing/events'), 'Erased'),
      ...own(shared('protocol/frames'), 'Standing'),
    ]);
    const written = tableWith(tables, 'object', 'fields').rows;
    expect(sorted(written.map((row) => code(row['object'])))).toEqual(sorted(declared.keys()));
    for (const row of written) expect(list(row['fields']), code(row['object'])).toEqual(declared.get(code(row['object'])));
    // Everything a message of the room or an answer of HTTP is declared as stands in the table.
    const handlers = new Set(['Answer', 'SentCommand', 'Up', 'Down']);
    for (const name of messagesFile.names) if (!handlers.has(name)) expect([...declared.keys()]).toContain(name);
  });

  test('[DOOR1] the frames, close codes and query of a draft', () => {
    const frames = tableWith(tables, 'type', 'name', 'direction').rows;
    expect(Object.fromEntries(frames.map((row) => [code(row['name']), Number(row['type'])]))).toEqual(frameTypes);
    const closes = tableWith(tables, 'code', 'name', 'what to do').rows;
    expect(Object.fromEntries(closes.map((row) => [code(row['name']), Number(row['code'])]))).toEqual({ ...closeCodes, ...retryCodes });
    const query = tableWith(tables, 'query', 'what').rows;
    expect(query.map((row) => code(row['query']))).toEqual(Object.values(draftQuery));
    expect(query[0]?.['what']).toContain(`\`${EDITOR_VERSION}\``);
  });

  test('the bytes of the examples', () => {
    const hex = (bytes: Uint8Array): string =>
      Buffer.from(bytes)
        .toString('hex')
        .replace(/(..)(?=.)/g, '$1 ');
    for (const frame of [stepOneFrame(Uint8Array.of(0)), updateFrame(Uint8Array.of(0, 0)), savedFrame(1, 200), keepAliveFrame]) {
      expect(page).toContain(`\`${hex(frame)}\``);
    }
    expect(page).toContain('`H("a", "", "商")` hashes `1:a0:3:商`');
    expect(hashFields('a', ['', '商'])).toBe(createHash('sha256').update('1:a0:3:商').digest('hex'));
  });

  test('[DOOR1] every limit with its default', () => {
    const written = tableWith(tables, 'limit', 'default').rows;
    expect(Object.fromEntries(written.map((row) => [code(row['limit']), Number(row['default'])]))).toEqual(defaultLimits);
  });

  test('which role holds which capability', () => {
    const written = tableWith(tables, 'capability', ...roles).rows;
    expect(written.map((row) => code(row['capability']))).toEqual([...capabilities]);
    for (const row of written) {
      for (const role of roles) {
        const holds = (capabilitiesOf[role] as readonly string[]).includes(code(row['capability']));
        expect(row[role], `${role} ${code(row['capability'])}`).toBe(holds ? 'yes' : '');
      }
    }
  });

  test('what may stand in a draft', () => {
    const rows = tableWith(tables, 'node', 'may stand inside', 'attributes').rows;
    const inside = (cell: string | undefined) => sorted([...codes(cell), ...(/^text\b/.test(cell ?? '') ? ['text'] : [])]);
    const [root, ...nodes] = rows;
    expect(inside(root?.['may stand inside'])).toEqual(sorted(rootChildren));
    expect(sorted(nodes.map((row) => code(row['node'])))).toEqual(sorted(nodeRules.keys()));
    for (const row of nodes) {
      const rule = nodeRules.get(code(row['node']));
      expect(inside(row['may stand inside']), row['node']).toEqual(sorted(rule?.children ?? []));
      expect(codes(row['attributes']), row['node']).toEqual([...(rule?.attributes.keys() ?? [])]);
    }
    const marks = tableWith(tables, 'mark', 'value').rows;
    expect(marks.map((row) => code(row['mark']))).toEqual([...markRules.keys()]);
    for (const row of marks) {
      const [record] = codes(row['value']);
      const names = [...(record ?? '').matchAll(/\w+/g)].map(([name]) => name);
      expect(sorted(names), row['mark']).toEqual(sorted(markRules.get(code(row['mark']))?.keys() ?? []));
    }
    expect(page).toContain(`named \`${DRAFT_FIELD}\``);
    expect(page).toContain(`at most ${MAX_DEPTH} deep`);
  });

  test('the words that values are made of, and the version', () => {
    const all = [...roles, ...stances, ...visibilities, ...commenterSettings, ...reviews, ...reasonCodes, ...audiences];
    for (const word of all) expect(page, word).toContain(`\`${word}\``);
    expect(page).toContain(`Version ${PROTOCOL_VERSION} (\`PROTOCOL_VERSION\`)`);
  });
});
