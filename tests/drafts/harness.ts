import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { onTestFinished } from 'vitest';
import * as Y from 'yjs';
import { newSalt } from '#server/access/secrets.ts';
import { createDrafts } from '#server/drafts/drafts.ts';
import type { Drafts } from '#server/drafts/drafts.ts';
import type { DraftParts } from '#server/drafts/parts.ts';
import { createGroupCommit } from '#server/store/groupCommit.ts';
import type { DraftEntry, Journal } from '#server/store/ports.ts';
import { openSqlite } from '#server/store/sqlite/openSqlite.ts';
import type { SqliteStore } from '#server/store/sqlite/openSqlite.ts';
import type { Actor } from '#shared/domain/decision.ts';
import { defaultLimits } from '#shared/domain/limits.ts';
import type { Limits } from '#shared/domain/limits.ts';
import type { Rejection } from '#shared/domain/rejections.ts';
import { draftId, lineage, Person, until } from './person.ts';
import type { PersonOptions } from './person.ts';

export { draftId, lineage, Person, roomId, textOf, until } from './person.ts';

export async function openTestStore(): Promise<SqliteStore> {
  const folder = await mkdtemp(path.join(tmpdir(), 'drafts-'));
  const store = await openSqlite({ file: path.join(folder, 'test.db') });
  onTestFinished(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  return store;
}

/** Who may do what, to be changed at will. Everybody may write who is not named. */
export class TestAccess {
  readonly mayNotWrite = new Map<string, Rejection>();
  readonly mayNotRead = new Map<string, Rejection>();
  locked = false;
  lineage: string | null = lineage;

  mayWrite = (_roomId: string, _draftId: string, actor: Actor): Rejection | null => {
    if (actor.kind !== 'participant') return { code: 'signInNeeded' };
    const rejection = this.mayNotWrite.get(actor.id);
    if (rejection !== undefined) return rejection;
    return this.locked ? { code: 'draftLocked' } : null;
  };
  mayRead = (_roomId: string, actor: Actor): Rejection | null =>
    actor.kind === 'participant' ? (this.mayNotRead.get(actor.id) ?? null) : null;
  lineageOf = (): string | null => this.lineage;
}

export interface House {
  readonly drafts: Drafts;
  readonly access: TestAccess;
  readonly store: SqliteStore;
  readonly failures: unknown[];
}

/** Drafts over a real store; `journal` wraps the way to it. */
export function startDrafts(
  store: SqliteStore,
  options: {
    readonly access?: TestAccess;
    readonly limits?: Partial<Limits>;
    readonly journal?: (journal: Journal) => Journal;
    readonly parts?: Partial<DraftParts>;
  } = {},
): House {
  const access = options.access ?? new TestAccess();
  const journal = options.journal?.(store.journal) ?? store.journal;
  const failures: unknown[] = [];
  const drafts = createDrafts({
    journal,
    snapshots: store.snapshots,
    commits: createGroupCommit(journal, { turnMs: 5 }),
    access,
    limits: { ...defaultLimits, ...options.limits },
    now: Date.now,
    newSalt,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    onStoreFailed: (reason) => failures.push(reason),
    ...options.parts,
  });
  return { drafts, access, store, failures };
}

/** The whole log of a draft. */
export async function logOf(store: SqliteStore, id = draftId): Promise<readonly DraftEntry[]> {
  return store.journal.readDraft(id, 0, 1_000_000);
}

/** A document made from the log alone, without the code under test and without the changes Yjs makes to formatting by itself. */
export async function documentOf(store: SqliteStore, id = draftId): Promise<Y.Doc> {
  const doc = new Y.Doc();
  doc.on('afterTransaction', (transaction: Y.Transaction) => {
    transaction._needFormattingCleanup = false;
  });
  for (const { kind, bytes } of await logOf(store, id)) if (kind === 'update') Y.applyUpdate(doc, bytes);
  return doc;
}

/** Somebody who has joined and got the draft. */
export async function join(drafts: Drafts, name: string, options: PersonOptions = {}): Promise<Person> {
  const person = new Person(drafts, name, options);
  await until(`${name} has got the draft`, () => person.synced || person.closed !== null);
  return person;
}
