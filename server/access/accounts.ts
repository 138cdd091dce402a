import type { Limits } from '#shared/domain/limits.ts';
import { nameFault } from '#shared/domain/participants/names.ts';
import type { Rejection } from '#shared/domain/rejections.ts';
import type { RecordStore } from '../store/ports.ts';
import type { AccountRecord, GuestRecord, RecordKinds, Suspension } from '../store/records.ts';
import { hashPassword, PASSWORD_LEAST, PASSWORD_MOST, verifyPassword } from './passwords.ts';
import { newId, newSecret } from './secrets.ts';

/** A person who can sign in, as the store keeps him. */
export type Account = AccountRecord;

export interface NewAccount {
  readonly handle: string;
  readonly displayName: string;
  readonly password: string;
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly rejection: Rejection };

function no<T>(rejection: Rejection): Outcome<T> {
  return { ok: false, rejection };
}

/** Letters and digits of any script, and . _ - between them; 2 to 32 long. */
const HANDLE = /^[\p{L}\p{N}](?:[\p{L}\p{N}._-]{0,30}[\p{L}\p{N}])$/u;

/** Handles are compared without regard to case and to the width or composition of their letters. */
export function handleKey(handle: string): string {
  return handle.trim().normalize('NFKC').toLowerCase();
}

/** The people who can sign in, and the guests who may become such people. */
export class Accounts {
  readonly #records: RecordStore<RecordKinds>;
  readonly #limits: Limits;
  readonly #now: () => number;
  /** The secret of the one-time link that creates the first administrator; null once there is one. */
  #setupSecret: string | null = null;

  constructor(records: RecordStore<RecordKinds>, limits: Limits, now: () => number) {
    this.#records = records;
    this.#limits = limits;
    this.#now = now;
  }

  /** Makes the one-time secret where no administrator exists yet; null where one does. A restart makes a new one. */
  async prepareSetup(): Promise<string | null> {
    this.#setupSecret = (await this.isSetUp()) ? null : newSecret();
    return this.#setupSecret;
  }

  async isSetUp(): Promise<boolean> {
    return (await this.#records.get('installation', 'firstAdministrator')) !== null;
  }

  /** Creates the first administrator, once. */
  async setUp(secret: string, account: NewAccount): Promise<Outcome<AccountRecord>> {
    if (this.#setupSecret === null) return no({ code: 'setupDone' });
    if (secret !== this.#setupSecret) return no({ code: 'linkUnknown' });
    const problem = accountProblem(account, this.#limits);
    if (problem !== null) return no(problem);
    // Taken back below if nothing came of it; meanwhile a second follower of the link is refused.
    this.#setupSecret = null;
    let done = false;
    try {
      const made = await this.#insert(newId(), account, true);
      if (!made.ok) return made;
      // The account first: a crash in between leaves an installation that can still be set up. The unique record is the lock.
      if ((await this.#records.insert('installation', { id: 'firstAdministrator', rev: 0, value: made.value.id })) === 'exists') {
        await this.#records.remove('account', made.value.id);
        return no({ code: 'setupDone' });
      }
      done = true;
      return made;
    } finally {
      if (!done) this.#setupSecret = secret;
    }
  }

  async create(account: NewAccount): Promise<Outcome<AccountRecord>> {
    const problem = accountProblem(account, this.#limits);
    return problem === null ? this.#insert(newId(), account, false) : no(problem);
  }

  async #insert(id: string, { handle, displayName, password }: NewAccount, admin: boolean): Promise<Outcome<AccountRecord>> {
    const record: AccountRecord = {
      id,
      rev: 0,
      handle: handle.trim(),
      handleKey: handleKey(handle),
      displayName: displayName.trim(),
      passwordHash: await hashPassword(password),
      admin,
      createdAt: this.#now(),
    };
    return (await this.#records.insert('account', record)) === 'inserted' ? { ok: true, value: record } : no({ code: 'handleTaken' });
  }

  /** The account whose handle and password these are. The answer takes the same time whether the handle exists or not. */
  async check(handle: string, password: string): Promise<Outcome<AccountRecord>> {
    const [account] = await this.#records.find('account', 'handleKey', handleKey(handle), { limit: 1 });
    const right = await verifyPassword(password, account?.passwordHash ?? null);
    if (!right || account === undefined) return no({ code: 'wrongCredentials' });
    const suspended = await this.#whySuspended(account);
    return suspended === null ? { ok: true, value: account } : no(suspended);
  }

  /** Why nobody may be signed in as this principal now, or null. */
  async whyOut(principal: string): Promise<Rejection | null> {
    const [kind, id = ''] = principal.split(':');
    const account = kind === 'account' ? await this.get(id) : null;
    return account === null ? null : this.#whySuspended(account);
  }

  async #whySuspended({ suspension }: AccountRecord): Promise<Rejection | null> {
    if (suspension === undefined) return null;
    const ask = (await this.get(suspension.by))?.displayName;
    return { code: 'accountSuspended', ...(ask === undefined ? {} : { ask }) };
  }

  /** Suspends an account; false where it is suspended already, or is none. */
  suspend(id: string, suspension: Suspension): Promise<boolean> {
    return this.#change(id, (account) => (account.suspension === undefined ? { ...account, suspension } : null));
  }

  /** Ends the suspension of an account; false where it is not suspended. */
  resume(id: string): Promise<boolean> {
    return this.#change(id, ({ suspension, ...account }) => (suspension === undefined ? null : account));
  }

  /** Replaces what is stored, however often somebody else is faster; false where `change` leaves it. */
  async #change(id: string, change: (stored: AccountRecord) => AccountRecord | null): Promise<boolean> {
    for (;;) {
      const stored = await this.get(id);
      const changed = stored === null ? null : change(stored);
      if (changed === null) return false;
      if ((await this.#records.replace('account', changed)) === 'replaced') return true;
    }
  }

  get(id: string): Promise<AccountRecord | null> {
    return this.#records.get('account', id);
  }

  guest(id: string): Promise<GuestRecord | null> {
    return this.#records.get('guest', id);
  }

  async createGuest(displayName: string): Promise<GuestRecord> {
    const record: GuestRecord = { id: newId(), rev: 0, displayName: displayName.trim(), createdAt: this.#now() };
    await this.#records.insert('guest', record);
    return record;
  }

  /** The guest with this very id, made if there is none. */
  async ensureGuest(id: string, displayName: string): Promise<void> {
    await this.#records.insert('guest', { id, rev: 0, displayName, createdAt: this.#now() });
  }

  /** The account with a handle, or null. */
  async withHandle(handle: string): Promise<AccountRecord | null> {
    const [account] = await this.#records.find('account', 'handleKey', handleKey(handle), { limit: 1 });
    return account ?? null;
  }

  /** Takes an account or a guest away, with all that was known of him. */
  async remove(principal: string): Promise<void> {
    const [kind, id = ''] = principal.split(':');
    if (kind === 'account' || kind === 'guest') await this.#records.remove(kind, id);
  }

  /** Whether this is the password of the account. */
  async isPassword(id: string, password: string): Promise<boolean> {
    return verifyPassword(password, (await this.get(id))?.passwordHash ?? null);
  }

  async changePassword(id: string, current: string, next: string): Promise<Outcome<AccountRecord>> {
    const account = await this.get(id);
    if (account === null) return no({ code: 'signInNeeded' });
    if (!(await verifyPassword(current, account.passwordHash))) return no({ code: 'wrongCredentials' });
    const problem = passwordProblem(next);
    if (problem !== null) return no(problem);
    const changed = { ...account, passwordHash: await hashPassword(next) };
    return (await this.#records.replace('account', changed)) === 'replaced' ? { ok: true, value: changed } : no({ code: 'malformed' });
  }

  async rename(id: string, displayName: string): Promise<Outcome<AccountRecord>> {
    const account = await this.get(id);
    if (account === null) return no({ code: 'signInNeeded' });
    const problem = nameProblem(displayName, this.#limits);
    if (problem !== null) return no(problem);
    const changed = { ...account, displayName: displayName.trim() };
    return (await this.#records.replace('account', changed)) === 'replaced' ? { ok: true, value: changed } : no({ code: 'malformed' });
  }
}

/** Whether a text can be a handle. */
export function isHandle(handle: string): boolean {
  return HANDLE.test(handleKey(handle)) && nameFault(handle) === null;
}

/** Why a display name cannot stand, or null. */
export function nameProblem(name: string, { displayNameLength: most }: Pick<Limits, 'displayNameLength'>): Rejection | null {
  const got = name.trim().length;
  if (got === 0) return { code: 'emptyText' };
  if (got > most) return { code: 'textTooLong', most, got };
  const fault = nameFault(name);
  return fault === null ? null : { code: fault };
}

function passwordProblem(password: string): Rejection | null {
  if (password.length < PASSWORD_LEAST) return { code: 'passwordTooShort', least: PASSWORD_LEAST };
  return password.length > PASSWORD_MOST ? { code: 'textTooLong', most: PASSWORD_MOST, got: password.length } : null;
}

function accountProblem({ handle, displayName, password }: NewAccount, limits: Limits): Rejection | null {
  if (!isHandle(handle)) return { code: 'handleInvalid' };
  return nameProblem(displayName, limits) ?? passwordProblem(password);
}
