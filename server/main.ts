import { accessSync, constants } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { flushCompileCache } from 'node:module';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import process from 'node:process';
import type { RequestHandler } from 'express';
import { pino } from 'pino';
import type { App } from './app.ts';
import { createApp } from './app.ts';
import { localNetwork } from './access/localNetwork.ts';
import { checkpointKeyAt } from './access/checkpointKey.ts';
import { installationKey, WeakKeyError } from './access/secrets.ts';
import { ConfigError, readConfig } from './config.ts';
import { makeFolder } from './durableFile.ts';
import { createEnding } from './ending.ts';
import { createMetricsServer } from './metrics/metricsServer.ts';
import { addressWithCode } from './terminalAddress.ts';
import { openFiles } from './store/openFiles.ts';
import { StoreOpenError } from './store/openError.ts';
import { openStore } from './store/open.ts';

/** The composition root: the only reader of the environment. */
async function main(): Promise<void> {
  const startup = new Startup();
  const config = readConfig(process.env, process.argv.slice(2));
  const network = localNetwork(Date.now);
  /** The port is known once the server listens. */
  const addresses = (): readonly string[] => {
    if (config.publicUrl !== null) return [config.publicUrl.origin];
    const { port } = (app.http.address() ?? { port: config.port }) as AddressInfo;
    return config.lan ? network.addresses().map((address) => `http://${address}${port === 80 ? '' : `:${port}`}`) : [];
  };
  const log = pino({ level: config.logLevel });
  const ending = createEnding(log, (code) => process.exit(code));
  process.on('unhandledRejection', (error) => ending.broken(error, 'a promise failed and nobody waited for it'));
  process.on('uncaughtException', (error) => ending.broken(error, 'an error nobody caught'));

  prepareDataFolder(config.dataDir);
  const prometheus = config.metrics === null ? null : (await import('./metrics/prometheus.ts')).createPrometheusMeters();
  const store = await openStore({ mongoUrl: config.mongoUrl, mongoStandalone: config.mongoStandalone, dataDir: config.dataDir, log });
  const files = await openFiles({ mongoUrl: config.mongoUrl, mongoStandalone: config.mongoStandalone, dataDir: config.dataDir, log });
  startup.did('store');
  const app: App = await createApp({
    store,
    files,
    incomingDir: path.join(config.dataDir, 'incoming'),
    key: installationKey(config.dataDir),
    checkpointKey: checkpointKeyAt(config.checkpointKeyFile),
    keepCheckpoint: (line) => appendFile(path.join(config.dataDir, 'checkpoints.jsonl'), `${line}\n`, { flush: true }),
    limits: config.limits,
    origins: {
      publicUrl: config.publicUrl,
      allowedHosts: config.allowedHosts,
      ...(config.lan ? { ownHosts: () => network.hosts() } : {}),
    },
    addresses,
    trustedProxies: config.trustedProxies,
    pages: config.pages ? await loadPages(config.port) : null,
    log,
    ...(prometheus === null ? {} : { meters: prometheus.meters }),
    now: Date.now,
    idleMs: 60_000,
  });
  startup.did('rooms');
  prometheus?.watch(app.levels);
  const metrics = prometheus === null ? null : createMetricsServer(prometheus);
  if (metrics !== null && config.metrics !== null) await listen(metrics, config.metrics, 'METRICS_PORT');
  await listen(app.http, config, 'PORT');
  ending.begins({
    stopAccepting: () => app.stopAccepting(),
    close: () => {
      metrics?.close();
      metrics?.closeAllConnections();
      return app.close();
    },
  });
  for (const [signal, name] of [
    ['SIGINT', 'Ctrl-C'],
    ['SIGTERM', 'SIGTERM'],
  ] as const) {
    process.on(signal, () => {
      if (ending.asked()) say(`${name}: saying goodbye and storing what is under way ...`);
    });
  }

  const address = config.publicUrl?.href.replace(/\/$/, '') ?? `http://localhost:${(app.http.address() as AddressInfo).port}`;
  const lines = ['', `  Shangliang 商量 is ready:  ${address}`, `  Store: ${store.description}`];
  if (metrics !== null) {
    const at = metrics.address() as AddressInfo;
    lines.push(`  Metrics: http://${at.family === 'IPv6' ? `[${at.address}]` : at.address}:${at.port}/metrics`);
  }
  if (app.setupSecret !== null) {
    lines.push('', '  Nobody is an administrator yet. This link makes you the first one; it works once:');
    lines.push(`  ${address}/setup#${app.setupSecret}`);
  }
  if (config.lan && config.publicUrl === null) {
    const [first, ...others] = addresses();
    lines.push('', '  Open to the local network. Whoever is in it can reach this address, for example with a phone:');
    lines.push(
      ...(first === undefined ? ['  (this machine is in no network at the moment)'] : addressWithCode(first, process.stdout.isTTY)),
    );
    if (others.length > 0) lines.push(`  Also: ${others.join('  ')}`);
    lines.push('', '  The connection is not encrypted: others in the same network could read along.');
    lines.push('  Use this only in a network you trust.');
  }
  // One write: a program that waits for the first line finds the others beside it.
  say([...lines, ''].join('\n'));
  startup.did('listening');
  log.info(startup.parts, 'started');
  // Where a compile cache is set: for the next start, also if this process is killed.
  flushCompileCache();
}

/** Where the time of a start goes, in ms; `code` is Node's own and that of loading what is run. */
class Startup {
  readonly parts: Record<string, number> = { code: Math.round(performance.now()) };
  #at = performance.now();

  did(part: string): void {
    const now = performance.now();
    this.parts[part] = Math.round(now - this.#at);
    this.#at = now;
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function prepareDataFolder(dataDir: string): void {
  try {
    makeFolder(dataDir);
    accessSync(dataDir, constants.W_OK);
  } catch (error) {
    throw new ConfigError(`The data folder ${dataDir} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}).`);
  }
}

/** The built pages. They ask this very process for their data, over loopback. */
async function loadPages(port: number): Promise<RequestHandler> {
  process.env['PROTOCOL_HEADER'] ??= 'x-forwarded-proto';
  process.env['BACKEND_URL'] ??= `http://127.0.0.1:${port}`;
  try {
    const built = (await import(new URL('../build/client/handler.js', import.meta.url).href)) as { handler: RequestHandler };
    return built.handler;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') {
      throw new ConfigError('The pages are not built yet: run `npm start`, or `npm run build` first.');
    }
    throw error;
  }
}

async function listen(server: Server, at: { port: number; host: string | undefined }, setting: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') {
        reject(new ConfigError(`Port ${at.port} is in use. Stop the other program, or choose another port: ${setting}=3001 npm start`));
      } else if (error.code === 'EACCES') {
        reject(new ConfigError(`Port ${at.port} may not be opened by this user. Choose one above 1023: ${setting}=3000 npm start`));
      } else reject(error);
    });
    if (at.host === undefined) server.listen(at.port, resolve);
    else server.listen(at.port, at.host, resolve);
  });
}

main().catch((error: unknown) => {
  const expected = error instanceof ConfigError || error instanceof StoreOpenError || error instanceof WeakKeyError;
  process.stderr.write(`\n  ${expected ? error.message : String(error instanceof Error ? error.stack : error)}\n\n`);
  process.exit(1);
});
