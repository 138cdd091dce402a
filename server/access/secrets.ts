import { createHash, createHmac, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A fresh secret of 256 random bits, in URL-safe letters. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** A fresh id of 96 random bits, in URL-safe letters that begin with a letter or digit. */
export function newId(): string {
  return randomBytes(12).toString('hex');
}

/** 128 fresh random bits, as hex. */
export function newSalt(): string {
  return randomBytes(16).toString('hex');
}

/** What is stored in place of a secret. */
export function secretId(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Gives the keyed digest of a command's payload. */
export function commandMac(key: Buffer): (payload: string) => string {
  return (payload) => createHmac('sha256', key).update(payload).digest('hex');
}

/**
 * The installation's own key, made on first use under the data folder and readable by its owner only. Throws with the
 * system's reason when the folder cannot be written.
 */
export function installationKey(dataDir: string): Buffer {
  const file = path.join(dataDir, 'secret.key');
  mkdirSync(dataDir, { recursive: true });
  try {
    return Buffer.from(readFileSync(file, 'utf8').trim(), 'hex');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  writeFileSync(file, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  return Buffer.from(readFileSync(file, 'utf8').trim(), 'hex');
}
