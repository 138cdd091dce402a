import type { KeyObject } from 'node:crypto';
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Checkpoint } from '#shared/domain/proof/checkpoint.ts';
import { checkpointText } from '#shared/domain/proof/checkpoint.ts';
import { makeFile } from '../durableFile.ts';

/** Signs what an installation says about its rooms. The key lies outside the database, so that who changes that cannot sign. */
export interface CheckpointKey {
  /** The 32 bytes of the public key, hex. */
  readonly publicKey: string;
  sign(what: Pick<Checkpoint, 'room' | 'size' | 'head' | 'at'>): Checkpoint;
}

const spkiHead = Buffer.from('302a300506032b6570032100', 'hex');

/** Reads the key from a file (PKCS#8, PEM), or makes it there on first use, readable by its owner only. */
export function checkpointKeyAt(file: string): CheckpointKey {
  try {
    return keyOf(createPrivateKey(readFileSync(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const { privateKey } = generateKeyPairSync('ed25519');
  makeFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 0o600);
  return keyOf(privateKey);
}

/** A key that lives as long as the process. */
export function passingCheckpointKey(): CheckpointKey {
  return keyOf(generateKeyPairSync('ed25519').privateKey);
}

/** Whether the signature is that of the key it names. */
export function isSigned(checkpoint: Checkpoint): boolean {
  try {
    const key = createPublicKey({ key: Buffer.concat([spkiHead, Buffer.from(checkpoint.key, 'hex')]), format: 'der', type: 'spki' });
    return verify(null, Buffer.from(checkpointText(checkpoint)), key, Buffer.from(checkpoint.signature, 'hex'));
  } catch {
    return false;
  }
}

function keyOf(privateKey: KeyObject): CheckpointKey {
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new TypeError('The key for checkpoints must be an Ed25519 key.');
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).subarray(spkiHead.length).toString('hex');
  return {
    publicKey,
    sign: (what) => ({
      ...what,
      key: publicKey,
      signature: sign(null, Buffer.from(checkpointText(what)), privateKey).toString('hex'),
    }),
  };
}
