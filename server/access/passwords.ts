import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';

/** argon2id with 19 MiB, two passes, one lane. Source of the parameters: OWASP password storage guidance. */
const cost = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 };
const AT_ONCE = 2;
const QUEUE = 200;

export const PASSWORD_LEAST = 10;
export const PASSWORD_MOST = 200;

let running = 0;
const queue: (() => void)[] = [];

/** Hashing is slow on purpose: two at once, the rest wait, and beyond the queue the answer is "not now". */
async function slot<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) {
    if (queue.length >= QUEUE) throw new TooManySignIns();
    await new Promise<void>((resolve) => queue.push(resolve));
  }
  running += 1;
  try {
    return await work();
  } finally {
    running -= 1;
    queue.shift()?.();
  }
}

/** More sign-ins wait than the machine can hash in reasonable time. */
export class TooManySignIns extends Error {
  override readonly name = 'TooManySignIns';
}

function derive(password: string, salt: Buffer, { memory, passes, parallelism, tagLength }: typeof cost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    argon2('argon2id', { message: password.normalize('NFKC'), nonce: salt, memory, passes, parallelism, tagLength }, (error, key) => {
      if (error) reject(error);
      else resolve(Buffer.from(key));
    });
  });
}

/** Hashes a password into a PHC string. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await slot(() => derive(password, salt, cost));
  const text = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${text(salt)}$${text(key)}`;
}

const dummy = hashPassword(randomBytes(16).toString('hex'));

/**
 * Whether a password fits a PHC string. For an unknown person (`null`) the same work is done against a hash nobody's password
 * fits, so that the time says nothing about which handles exist.
 */
export async function verifyPassword(password: string, phc: string | null): Promise<boolean> {
  const parts = (phc ?? (await dummy)).split('$');
  const [, kind, , parameters, salt, key] = parts;
  const found = /^m=(\d+),t=(\d+),p=(\d+)$/.exec(parameters ?? '');
  if (kind !== 'argon2id' || found === null || salt === undefined || key === undefined) return false;
  const expected = Buffer.from(key, 'base64');
  const got = await slot(() =>
    derive(password, Buffer.from(salt, 'base64'), {
      memory: Number(found[1]),
      passes: Number(found[2]),
      parallelism: Number(found[3]),
      tagLength: expected.length,
    }),
  );
  return phc !== null && got.length === expected.length && timingSafeEqual(got, expected);
}
