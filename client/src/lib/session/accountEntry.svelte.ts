import { defaultLimits } from '#shared/domain/limits.ts';
import type { Refusal } from '../api/refusal.ts';
import type { I18n } from '../i18n/i18n.svelte.ts';

/** The server's least; its answer counts, this only saves the way. */
export const passwordLeast = 10;

export interface AccountErrors {
  handle?: string;
  displayName?: string;
  password?: string;
}

/** What is typed to make an account, and what is wrong with it. */
export class AccountEntry {
  handle = $state('');
  displayName = $state('');
  password = $state('');
  #errors = $state.raw<AccountErrors>({});

  get errors(): AccountErrors {
    return this.#errors;
  }

  /** Whether it can be sent; what cannot is said beside its field. */
  check({ m, sentence }: Pick<I18n, 'm'> & { sentence: (refusal: Refusal) => string }): boolean {
    const words = m.shell.fields;
    const errors: AccountErrors = {};
    if (this.handle.trim() === '') errors.handle = words.handleMissing;
    if (this.displayName.trim() === '') errors.displayName = words.displayNameMissing;
    else if (this.displayName.trim().length > defaultLimits.displayNameLength) {
      errors.displayName = words.displayNameTooLong(defaultLimits.displayNameLength);
    }
    if (this.password.length < passwordLeast) errors.password = sentence({ code: 'passwordTooShort', least: passwordLeast });
    this.#errors = errors;
    return Object.keys(errors).length === 0;
  }

  /** Puts a refusal beside the field it is about. False: it is about none of them. */
  place(refusal: Refusal, sentence: string): boolean {
    const field = fieldOf(refusal);
    this.#errors = field === null ? {} : { [field]: sentence };
    return field !== null;
  }
}

function fieldOf(refusal: Refusal): keyof AccountErrors | null {
  if (refusal.code === 'handleTaken' || refusal.code === 'handleInvalid') return 'handle';
  if (refusal.code === 'passwordTooShort') return 'password';
  if (refusal.code === 'emptyText' || refusal.code === 'nameInvisible' || refusal.code === 'nameMixed') return 'displayName';
  if (refusal.code === 'textTooLong') return refusal.most > defaultLimits.displayNameLength ? 'password' : 'displayName';
  return null;
}
