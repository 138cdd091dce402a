import path from 'node:path';
import { z } from 'zod';
import type { Limits } from '#shared/domain/limits.ts';
import { defaultLimits } from '#shared/domain/limits.ts';
import { mostCommitBytes, mostEntryBytes } from './store/entryBounds.ts';

/** A setting that cannot stand. The message is one sentence for the person who starts the server. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export interface Config {
  readonly port: number;
  /** Undefined: all addresses of this machine. */
  readonly host: string | undefined;
  /** Open to the local network over plain HTTP. */
  readonly lan: boolean;
  readonly dataDir: string;
  /** Private key with which the installation signs where its logs stand; made if it is not there. */
  readonly checkpointKeyFile: string;
  readonly mongoUrl: string | undefined;
  readonly mongoStandalone: boolean;
  readonly publicUrl: URL | null;
  readonly allowedHosts: readonly string[];
  readonly trustedProxies: number;
  readonly logLevel: string;
  /** Where the figures for Prometheus are answered; null where nowhere. */
  readonly metrics: { readonly port: number; readonly host: string } | null;
  /** Whether this process serves the pages; in development Vite does. */
  readonly pages: boolean;
  readonly limits: Limits;
}

const flag = z
  .enum(['1', '0', ''])
  .optional()
  .transform((value) => value === '1');

const environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  HOST: z.string().optional(),
  LAN: flag,
  DATA_DIR: z.string().default('data'),
  CHECKPOINT_KEY_FILE: z.string().optional(),
  MONGODB_URL: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//)
    .optional(),
  MONGODB_STANDALONE: flag,
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .transform((value) => (value === undefined ? null : new URL(value))),
  ALLOWED_HOSTS: z.string().default(''),
  TRUSTED_PROXIES: z.coerce.number().int().min(0).max(10).optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('warn'),
  METRICS_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  METRICS_HOST: z.string().default('127.0.0.1'),
  CLIENT: z.enum(['on', 'off']).default('on'),
  LIMITS: z.string().optional(),
});

/**
 * Reads and checks the environment and the words behind the command: `--lan` stands for `LAN=1`. Throws ConfigError with the name of
 * the setting that is wrong.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>, words: readonly string[] = []): Config {
  const unknown = words.find((word) => word !== '--lan');
  if (unknown !== undefined)
    throw new ConfigError(`Nothing is known about ${unknown}. There is one option: --lan opens the server to the local network.`);
  const given = Object.fromEntries(
    Object.entries({ ...env, ...(words.includes('--lan') ? { LAN: '1' } : {}) }).filter(([, value]) => value !== ''),
  );
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ConfigError(`The setting ${issue?.path.join('.') ?? '?'} cannot be used: ${issue?.message ?? 'unknown reason'}.`);
  }
  const read = parsed.data;
  const unsafe = whyUnsafe(read);
  if (unsafe !== null) throw new ConfigError(unsafe);
  return {
    port: read.PORT,
    // A public address means that something in front reaches us; it is on this machine unless HOST says otherwise.
    host: read.HOST ?? (read.LAN ? undefined : '127.0.0.1'),
    lan: read.LAN,
    dataDir: path.resolve(read.DATA_DIR),
    checkpointKeyFile: path.resolve(read.CHECKPOINT_KEY_FILE ?? path.join(read.DATA_DIR, 'checkpoint.key')),
    mongoUrl: read.MONGODB_URL,
    mongoStandalone: read.MONGODB_STANDALONE,
    publicUrl: read.PUBLIC_URL,
    allowedHosts: read.ALLOWED_HOSTS.split(',')
      .map((host) => host.trim().toLowerCase())
      .filter((host) => host !== ''),
    trustedProxies: read.TRUSTED_PROXIES ?? (read.PUBLIC_URL === null ? 0 : 1),
    logLevel: read.LOG_LEVEL,
    metrics: read.METRICS_PORT === undefined ? null : { port: read.METRICS_PORT, host: read.METRICS_HOST },
    pages: read.CLIENT === 'on',
    limits: read.LIMITS === undefined ? defaultLimits : raised(read.LIMITS),
  };
}

/** Why these settings would leave the installation open to anybody who listens or pretends, as one sentence; null where they do not. */
function whyUnsafe(read: z.infer<typeof environment>): string | null {
  const isLocal = (name: string): boolean => name === 'localhost' || name === '[::1]' || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name);
  if (read.ALLOWED_HOSTS.includes('*'))
    return 'The setting ALLOWED_HOSTS cannot be used: a * would let any name stand for this installation; name the hosts one by one.';
  if (read.LAN) return null;
  if (read.PUBLIC_URL !== null && read.PUBLIC_URL.protocol === 'http:' && !isLocal(read.PUBLIC_URL.hostname))
    return 'The setting PUBLIC_URL cannot be used: over plain HTTP passwords could be read on the way; use https, or --lan in a network you trust.';
  if (read.PUBLIC_URL === null && read.HOST !== undefined && !isLocal(read.HOST))
    return 'The setting HOST cannot be used: it opens this server to others over plain HTTP; set PUBLIC_URL to the https address in front of it, or use --lan.';
  return null;
}

/** `LIMITS='{"framesPerSecond":600}'`: some limits replaced, by name. */
function raised(json: string): Limits {
  let given: unknown;
  try {
    given = JSON.parse(json);
  } catch {
    throw new ConfigError('The setting LIMITS cannot be used: it is not JSON.');
  }
  const shape = z.strictObject(Object.fromEntries(Object.keys(defaultLimits).map((name) => [name, z.number().positive().optional()])));
  const parsed = shape.safeParse(given);
  if (!parsed.success) throw new ConfigError('The setting LIMITS cannot be used: it names something that is no limit, or no number.');
  const limits = { ...defaultLimits, ...(parsed.data as Partial<Limits>) };
  if (Math.max(limits.frameBytes, limits.joiningFrameBytes) > mostEntryBytes || limits.messageBytes > mostCommitBytes / 4)
    throw new ConfigError(
      `The setting LIMITS cannot be used: no store takes frames of more than ${mostEntryBytes} bytes or messages of more than ${mostCommitBytes / 4}.`,
    );
  return limits;
}
