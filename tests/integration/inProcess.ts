import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { createApp } from '#server/app.ts';
import type { App } from '#server/app.ts';
import { openDiskFiles } from '#server/files/diskFiles.ts';
import type { Store } from '#server/store/ports.ts';
import type { RecordKinds } from '#server/store/records.ts';
import { openSqlite } from '#server/store/sqlite/openSqlite.ts';
import { defaultLimits } from '#shared/domain/limits.ts';
import type { Limits } from '#shared/domain/limits.ts';
import { aboutToRemove } from '../support/leftBehind.ts';
import { quickPace } from '../support/quickPace.ts';

/** The whole server in this process, for what needs a clock that can be set or a store that can be slowed down. */
export interface InProcess {
  readonly app: App;
  readonly store: Store<RecordKinds>;
  readonly base: string;
  readonly folder: string;
  readonly key: Buffer;
  dispose(): Promise<void>;
}

export async function startInProcess(options: {
  readonly now?: () => number;
  readonly limits?: Partial<Limits>;
  /** What an earlier one left, to go on with; a new folder if not given. */
  readonly after?: InProcess;
  /** How often the sign-ins behind live connections are looked at; never, if not given. */
  readonly lookMs?: number;
  /** How often the sockets of drafts are asked for a sign of life. */
  readonly askMs?: number;
  /** How long simulated people take, in parts of what a person takes; 1, if not given. */
  readonly simulationPace?: number;
  readonly wrap?: (store: Store<RecordKinds>) => Store<RecordKinds>;
}): Promise<InProcess> {
  const folder = options.after?.folder ?? mkdtempSync(path.join(tmpdir(), 'shangliang-inside-'));
  const key = options.after?.key ?? randomBytes(32);
  const real = await openSqlite({ file: path.join(folder, 'shangliang.db') });
  const store = options.wrap?.(real) ?? real;
  const files = await openDiskFiles(path.join(folder, 'files'));
  const app = await createApp({
    store,
    files,
    incomingDir: path.join(folder, 'incoming'),
    key,
    limits: { ...defaultLimits, ...quickPace, ...options.limits },
    origins: { publicUrl: null, allowedHosts: [] },
    trustedProxies: 0,
    pages: null,
    log: pino({ level: 'silent' }),
    now: options.now ?? Date.now,
    idleMs: 60_000,
    lookMs: options.lookMs ?? 3_600_000,
    ...(options.askMs === undefined ? {} : { askMs: options.askMs }),
    ...(options.simulationPace === undefined ? {} : { simulationPace: options.simulationPace }),
  });
  app.http.listen(0, '127.0.0.1');
  await once(app.http, 'listening');
  return {
    app,
    store,
    folder,
    key,
    base: `http://127.0.0.1:${(app.http.address() as AddressInfo).port}`,
    dispose: async () => {
      await app.close();
      await aboutToRemove(folder).finally(() => rmSync(folder, { recursive: true, force: true }));
    },
  };
}
