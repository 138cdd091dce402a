import { createHmac } from 'node:crypto';
import type { RecordStore } from '../store/ports.ts';
import type { PersonalLinkRecord, RecordKinds } from '../store/records.ts';
import type { Outcome } from './accounts.ts';
import { secretId } from './secrets.ts';

/** A person's own link into a room. */
export type PersonalLink = PersonalLinkRecord;

/** A link that was issued, with the secret that belongs to it. */
export interface Issued {
  readonly link: PersonalLinkRecord;
  readonly secret: string;
}

/**
 * Links that sign in one participant. A secret follows from the installation's key, the participant and the number of the
 * issue, so that a sheet can be printed again; the store keeps its SHA-256 alone.
 */
export class PersonalLinks {
  readonly #records: RecordStore<RecordKinds>;
  readonly #key: Buffer;
  readonly #now: () => number;

  constructor(records: RecordStore<RecordKinds>, key: Buffer, now: () => number) {
    this.#records = records;
    this.#key = key;
    this.#now = now;
  }

  /** The newest link of each person of a room who has one. */
  async inRoom(roomId: string): Promise<ReadonlyMap<string, PersonalLinkRecord>> {
    const newest = new Map<string, PersonalLinkRecord>();
    for (let after = ''; ;) {
      const page = await this.#records.find('personalLink', 'roomId', roomId, { after, limit: 1000 });
      for (const link of page) if (link.issue >= (newest.get(link.personId)?.issue ?? 0)) newest.set(link.personId, link);
      const last = page.at(-1);
      if (page.length < 1000 || last === undefined) return newest;
      after = last.id;
    }
  }

  /** The newest link of a person, or null for somebody without. */
  async of(personId: string): Promise<PersonalLinkRecord | null> {
    return (await this.#issues(personId)).reduce<PersonalLinkRecord | null>(
      (newest, link) => (newest === null || link.issue >= newest.issue ? link : newest),
      null,
    );
  }

  /** The first link of a person, made if there is none. */
  async ensure(roomId: string, personId: string): Promise<PersonalLinkRecord> {
    return (await this.of(personId)) ?? (await this.#insert(roomId, personId, 1)).link;
  }

  /** A new link for a person who has one; gives the ids of those that do not hold any more. */
  async reissue(roomId: string, personId: string): Promise<Outcome<Issued & { readonly ended: readonly string[] }>> {
    const newest = await this.of(personId);
    if (newest?.roomId !== roomId) return { ok: false, rejection: { code: 'linkUnknown' } };
    const issued = await this.#insert(roomId, personId, newest.issue + 1);
    const ended = await this.#revokeBelow(personId, issued.link.issue);
    return { ok: true, value: { ...issued, ended } };
  }

  /** Ends the link of a person; gives it, and the ids of all that do not hold any more. Twice is no mistake. */
  async revoke(
    roomId: string,
    personId: string,
  ): Promise<Outcome<{ readonly link: PersonalLinkRecord; readonly ended: readonly string[] }>> {
    const newest = await this.of(personId);
    if (newest?.roomId !== roomId) return { ok: false, rejection: { code: 'linkUnknown' } };
    const ended = await this.#revokeBelow(personId, newest.issue + 1);
    return { ok: true, value: { link: (await this.of(personId)) ?? newest, ended } };
  }

  /** Takes every link of a person away. */
  async forget(personId: string): Promise<void> {
    for (const { id } of await this.#issues(personId)) await this.#records.remove('personalLink', id);
  }

  /** The secret of a link as it stands; null if it does not hold any more. */
  async secretOf(link: PersonalLinkRecord): Promise<string | null> {
    if (link.revokedAt !== null) return null;
    const secret = this.#secret(link.personId, link.issue);
    // A store that was moved to an installation with another key: the paper that is out still holds, new paper does too.
    if (secretId(secret) !== link.id) await this.#insert(link.roomId, link.personId, link.issue);
    return secret;
  }

  /** The link a secret belongs to, if it still holds. */
  async follow(secret: string): Promise<Outcome<PersonalLinkRecord>> {
    const link = await this.#records.get('personalLink', secretId(secret));
    if (link === null) return { ok: false, rejection: { code: 'linkUnknown' } };
    return link.revokedAt === null ? { ok: true, value: link } : { ok: false, rejection: { code: 'linkRevoked' } };
  }

  async #insert(roomId: string, personId: string, issue: number): Promise<Issued> {
    const secret = this.#secret(personId, issue);
    const link: PersonalLinkRecord = { id: secretId(secret), rev: 0, roomId, personId, issue, createdAt: this.#now(), revokedAt: null };
    await this.#records.insert('personalLink', link);
    // Of two at once both have the same secret, and the first one's record.
    return { link: (await this.#records.get('personalLink', link.id)) ?? link, secret };
  }

  async #revokeBelow(personId: string, issue: number): Promise<readonly string[]> {
    const ended: string[] = [];
    for (const { id } of (await this.#issues(personId)).filter((link) => link.issue < issue)) {
      ended.push(id);
      for (let link = await this.#records.get('personalLink', id); link !== null && link.revokedAt === null;) {
        if ((await this.#records.replace('personalLink', { ...link, revokedAt: this.#now() })) === 'replaced') break;
        link = await this.#records.get('personalLink', id);
      }
    }
    return ended;
  }

  #issues(personId: string): Promise<readonly PersonalLinkRecord[]> {
    return this.#records.find('personalLink', 'personId', personId, { limit: 1000 });
  }

  #secret(personId: string, issue: number): string {
    return createHmac('sha256', this.#key).update(`personal link\0${personId}\0${issue}`).digest('base64url');
  }
}
