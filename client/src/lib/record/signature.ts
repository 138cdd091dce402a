import type { Checkpoint } from '#shared/domain/proof/checkpoint.ts';
import { checkpointText } from '#shared/domain/proof/checkpoint.ts';

/**
 * Whether a mark bears the signature of the key it names; `unchecked` where this browser does not know how, as on plain HTTP.
 * That the mark fits the chain is checked all the same; the signature is for who keeps marks elsewhere.
 */
export async function signatureOf(checkpoint: Checkpoint): Promise<'right' | 'wrong' | 'unchecked'> {
  const subtle = (globalThis.crypto as Crypto | undefined)?.subtle as SubtleCrypto | undefined;
  if (subtle === undefined) return 'unchecked';
  let key: CryptoKey;
  try {
    key = await subtle.importKey('raw', bytesOf(checkpoint.key), 'Ed25519', false, ['verify']);
  } catch {
    return 'unchecked';
  }
  const text = new TextEncoder().encode(checkpointText(checkpoint));
  return (await subtle.verify('Ed25519', key, bytesOf(checkpoint.signature), text)) ? 'right' : 'wrong';
}

function bytesOf(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
