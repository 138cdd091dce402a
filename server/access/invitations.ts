import type { Role } from '#shared/domain/participants/roles.ts';
import type { InvitationView } from '#shared/protocol/messages.ts';
import type { RecordStore } from '../store/ports.ts';
import type { InvitationRecord, RecordKinds } from '../store/records.ts';
import type { Outcome } from './accounts.ts';
import { newSecret, secretId } from './secrets.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** An expired link is remembered this long, so that who comes late reads "expired" and not "unknown". */
const REMEMBERED_MS = 180 * DAY_MS;

/** Links into rooms. The link carries the secret; the store only its SHA-256. */
export class Invitations {
  readonly #records: RecordStore<RecordKinds>;
  readonly #now: () => number;

  constructor(records: RecordStore<RecordKinds>, now: () => number) {
    this.#records = records;
    this.#now = now;
  }

  /** Makes a link valid for `days` days. The secret is given here and never again. */
  async create(
    roomId: string,
    role: Role,
    label: string,
    days: number,
    createdBy: string,
    most: number,
  ): Promise<Outcome<{ readonly invitation: InvitationView; readonly secret: string }>> {
    const existing = await this.#records.find('invitation', 'roomId', roomId, { limit: most });
    if (existing.length >= most) return { ok: false, rejection: { code: 'tooMany', most } };
    const secret = newSecret();
    const now = this.#now();
    const validUntil = now + days * DAY_MS;
    const record: InvitationRecord = {
      id: secretId(secret),
      rev: 0,
      roomId,
      role,
      label,
      createdBy,
      createdAt: now,
      validUntil,
      revokedAt: null,
      expiresAt: validUntil + REMEMBERED_MS,
    };
    await this.#records.insert('invitation', record);
    return { ok: true, value: { invitation: view(record), secret } };
  }

  async list(roomId: string): Promise<readonly InvitationView[]> {
    const records = await this.#records.find('invitation', 'roomId', roomId, { limit: 1000 });
    return records.map(view).sort((a, b) => b.createdAt - a.createdAt);
  }

  /** Revokes a link of this room. Revoking twice is no mistake. */
  async revoke(roomId: string, id: string): Promise<Outcome<InvitationView>> {
    for (;;) {
      const record = await this.#records.get('invitation', id);
      if (record === null || record.roomId !== roomId) return { ok: false, rejection: { code: 'linkUnknown' } };
      if (record.revokedAt !== null) return { ok: true, value: view(record) };
      const revoked = { ...record, revokedAt: this.#now() };
      if ((await this.#records.replace('invitation', revoked)) === 'replaced') return { ok: true, value: view(revoked) };
    }
  }

  /** Takes away the labels of a room's links that a person gave them, and those that name him. */
  async forgetLabels(roomId: string, participantId: string, name: string): Promise<void> {
    const all = await this.#records.find('invitation', 'roomId', roomId);
    for (const { id } of all.filter(({ createdBy, label }) => createdBy === participantId || (name !== '' && label.includes(name)))) {
      for (let stored = await this.#records.get('invitation', id); stored !== null && stored.label !== '';) {
        if ((await this.#records.replace('invitation', { ...stored, label: '' })) === 'replaced') break;
        stored = await this.#records.get('invitation', id);
      }
    }
  }

  /** Forgets links that ran out long ago; gives how many. */
  sweep(): Promise<number> {
    return this.#records.removeExpired('invitation', this.#now());
  }

  /** The invitation a secret belongs to, if it can still be followed. */
  async follow(secret: string): Promise<Outcome<InvitationRecord>> {
    const record = await this.#records.get('invitation', secretId(secret));
    if (record === null) return { ok: false, rejection: { code: 'linkUnknown' } };
    if (record.revokedAt !== null) return { ok: false, rejection: { code: 'linkRevoked' } };
    if (record.validUntil <= this.#now()) return { ok: false, rejection: { code: 'linkExpired' } };
    return { ok: true, value: record };
  }
}

function view({ id, role, label, createdAt, validUntil, revokedAt }: InvitationRecord): InvitationView {
  return { id, role, label, createdAt, validUntil, revokedAt };
}
