import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { closeCodes, retryCodes } from '#shared/protocol/close.ts';
import type { Levels, Meters } from './meters.ts';

export interface PrometheusMeters {
  readonly meters: Meters;
  /** Where the levels are read from; until it is called they are left out. */
  watch(levels: Levels): void;
  readonly contentType: string;
  /** All figures in Prometheus' text format. */
  text(): Promise<string>;
}

/** From a millisecond to ten seconds; around 15 and 250 ms lie what an acknowledgement should take and what is bad. */
const seconds = [0.001, 0.0025, 0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const writes = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_000];

/** A client may close with any code it likes; what it makes up shall not make new series. */
const knownCodes: ReadonlySet<number> = new Set([
  ...Object.values(closeCodes),
  ...Object.values(retryCodes),
  ...[1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1011],
]);

/** Counts for Prometheus, beside what it counts of any process of Node: memory, CPU, delay of the event loop, garbage collection. */
export function createPrometheusMeters(): PrometheusMeters {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> =>
    new Counter({ name: `shangliang_${name}`, help, labelNames: [...labelNames], registers });
  const histogram = <L extends string>(name: string, help: string, buckets: number[], labelNames: readonly L[] = []): Histogram<L> =>
    new Histogram({ name: `shangliang_${name}`, help, buckets, labelNames: [...labelNames], registers });

  const refusals = counter('refusals_total', 'Requests, commands and frames refused, by code.', ['wire', 'code']);
  const closes = counter('closes_total', 'Sockets closed, by code (draft) or reason (room).', ['wire', 'code']);
  const acks = histogram('ack_seconds', 'From the arrival of a command or frame to its durable acknowledgement.', seconds, ['what']);
  const commits = counter('commits_total', 'Commits appended to the logs of rooms.');
  const entries = counter('draft_entries_total', 'Entries appended to the logs of drafts.');
  const groups = histogram('group_commit_writes', 'Commits and draft entries stored by one append.', writes);
  const appends = histogram('append_seconds', 'How long one durable append took.', seconds);
  const failures = counter('append_failures_total', 'Appends that the store did not take.');
  const publications = counter('publications_total', 'Messages about durable changes, by class of readers.', ['audience']);
  const encoded = counter('publication_bytes_total', 'Bytes of such messages, encoded once.', ['audience']);
  const delivered = counter('delivered_bytes_total', 'Bytes of such messages times their readers.', ['audience']);
  const deliveries = counter('deliveries_total', 'Such messages times their readers.', ['audience']);
  const logged = counter('errors_total', 'Warnings and errors, shown in the log or not.', ['level']);

  function watch(levels: Levels): void {
    new Gauge({
      name: 'shangliang_connections',
      help: 'Open sockets, by kind and by the role of who holds them.',
      labelNames: ['kind', 'role'],
      registers,
      collect() {
        this.reset();
        for (const [role, count] of levels.roomConnections()) this.set({ kind: 'room', role }, count);
        for (const [role, count] of levels.draftConnections()) this.set({ kind: 'draft', role }, count);
      },
    });
    const level = (name: string, help: string, read: () => number): void => {
      new Gauge({
        name: `shangliang_${name}`,
        help,
        registers,
        collect() {
          this.set(read());
        },
      });
    };
    level('rooms_loaded', 'Rooms in memory.', levels.rooms);
    level('drafts_loaded', 'Drafts in memory.', levels.drafts);
    level('diverged_copies', 'Copies of drafts found to hold something else than the log, since the start.', levels.diverged);
    level('storing', '1 while the store takes writes, else 0.', () => (levels.storing() ? 1 : 0));
  }

  const meters: Meters = {
    refused: (wire, code) => refusals.inc({ wire, code }),
    closed: (wire, code) => closes.inc({ wire, code: typeof code === 'string' || knownCodes.has(code) ? String(code) : 'other' }),
    acknowledged: (what, ms) => acks.observe({ what }, ms / 1000),
    appended: (commitCount, entryCount, ms) => {
      commits.inc(commitCount);
      entries.inc(entryCount);
      groups.observe(commitCount + entryCount);
      appends.observe(ms / 1000);
    },
    appendFailed: () => failures.inc(),
    published: (audience, bytes, readers) => {
      publications.inc({ audience });
      encoded.inc({ audience }, bytes);
      delivered.inc({ audience }, bytes * readers);
      deliveries.inc({ audience }, readers);
    },
    logged: (level) => logged.inc({ level }),
  };
  return { meters, watch, contentType: registry.contentType, text: () => registry.metrics() };
}
