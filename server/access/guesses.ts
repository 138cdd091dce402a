import type { Limits } from '#shared/domain/limits.ts';
import { handleKey } from './accounts.ts';
import { Buckets } from './buckets.ts';

/**
 * How fast passwords may be tried. A guesser is slowed where they are: at their address, and more so for one account from that address.
 * Nothing counts per account alone, since anybody who knows a user name could lock its owner out. A device that knows the account (see
 * `KnownDevices`) has a pace of its own, so that it gets in beside a guesser behind the same address.
 */
export class Guesses {
  readonly #perAddress: Buckets;
  readonly #perAccountAndAddress: Buckets;
  readonly #perDevice: Buckets;

  constructor(limits: Pick<Limits, 'signInsPerMinutePerAccount' | 'signInsPerMinutePerAddress'>, now: () => number) {
    const { signInsPerMinutePerAccount: ofAccount, signInsPerMinutePerAddress: ofAddress } = limits;
    this.#perAddress = new Buckets(ofAddress / 60, ofAddress, now);
    this.#perAccountAndAddress = new Buckets(ofAccount / 60, ofAccount, now);
    this.#perDevice = new Buckets(ofAccount / 60, ofAccount, now);
  }

  /** 0 if a password for this user name may be tried from here now, else in how many milliseconds. `device`: the mark of a device that knows the account. */
  take(handle: string, address: string, device: string | null): number {
    if (device !== null) return this.#perDevice.take(device);
    const wait = this.#perAccountAndAddress.take(`${address} ${handleKey(handle)}`);
    return wait > 0 ? wait : this.#perAddress.take(address);
  }

  /** The password was right: a hall that signs in at once uses nothing of its address up. */
  right(address: string, device: string | null): void {
    if (device === null) this.#perAddress.giveBack(address);
  }
}
