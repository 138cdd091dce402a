import { createHash, createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { makeFile, makeFolder } from '../durableFile.ts';

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
 * system's reason when the folder cannot be written, and WeakKeyError where what lies there is no key.
 */
export function installationKey(dataDir: string): Buffer {
  const file = path.join(dataDir, 'secret.key');
  makeFolder(dataDir);
  try {
    return keyIn(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  makeFile(file, `${randomBytes(32).toString('hex')}\n`, 0o600);
  return keyIn(file);
}

/** A key file that was cut short or overwritten would make every digest guessable, without a word. */
function keyIn(file: string): Buffer {
  const text = readFileSync(file, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/i.test(text) || /^(.)\1*$/.test(text)) throw new WeakKeyError(file);
  return Buffer.from(text, 'hex');
}

/** The installation's key is no key. The message is one sentence for the person who starts the server. */
export class WeakKeyError extends Error {
  override readonly name = 'WeakKeyError';

  constructor(file: string) {
    super(`${file} does not hold the key of this installation (64 hexadecimal digits): put the one from your backup in its place.`);
  }
}
