import { createHmac, timingSafeEqual } from 'node:crypto';
import type { AccountRecord } from '../store/records.ts';
import { newSecret } from './secrets.ts';

/** Browsers keep no cookie longer. */
const LASTS_SECONDS = 400 * 24 * 60 * 60;
/** Several people share a device; whoever signed in longest ago is forgotten first. */
const ACCOUNTS_PER_DEVICE = 5;
const between = '~';

/**
 * Devices on which somebody signed in with an account's password before. What the device keeps signs nobody in: it says that whoever sits
 * there is more likely the owner than a guesser. It is signed with the installation's key over the password's hash, so that nothing is
 * stored here and a new password forgets all devices.
 */
export class KnownDevices {
  readonly #key: Buffer;
  readonly #name: string;
  readonly #secure: boolean;

  /** `secure`: the public address is https. */
  constructor(key: Buffer, secure: boolean) {
    this.#key = key;
    this.#secure = secure;
    this.#name = secure ? '__Host-device' : 'device';
  }

  /** The mark under which the sender of these cookies knows an account, or null. Also for a user name nobody has. */
  markOf(cookies: string, account: AccountRecord | null): string | null {
    return account === null ? null : (this.#marks(cookies).find((mark) => this.#isOf(mark, account)) ?? null);
  }

  /** The value of the Set-Cookie header of a device that signed in with the account's password now. */
  remember(cookies: string, account: AccountRecord): string {
    const nonce = newSecret();
    const others = this.#marks(cookies).filter((mark) => mark.split('.')[1] !== account.id);
    const marks = [`${nonce}.${account.id}.${this.#sign(nonce, account)}`, ...others].slice(0, ACCOUNTS_PER_DEVICE);
    const secure = this.#secure ? '; Secure' : '';
    return `${this.#name}=${marks.join(between)}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${LASTS_SECONDS}${secure}`;
  }

  #marks(cookies: string): readonly string[] {
    const found = cookies
      .split(';')
      .map((part) => part.trim())
      .find((part) => part.startsWith(`${this.#name}=`));
    const marks = found?.slice(this.#name.length + 1).split(between) ?? [];
    return marks.filter((mark) => /^[\w-]{20,100}\.[\w-]{1,64}\.[\w-]{43}$/.test(mark)).slice(0, ACCOUNTS_PER_DEVICE);
  }

  #isOf(mark: string, account: AccountRecord): boolean {
    const [nonce = '', id, signature = ''] = mark.split('.');
    return id === account.id && timingSafeEqual(Buffer.from(signature), Buffer.from(this.#sign(nonce, account)));
  }

  #sign(nonce: string, { id, passwordHash }: AccountRecord): string {
    return createHmac('sha256', this.#key).update(`known device\0${nonce}\0${id}\0${passwordHash}`).digest('base64url');
  }
}
