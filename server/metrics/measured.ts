import type { Logger } from 'pino';
import type { Journal } from '../store/ports.ts';
import type { Meters } from './meters.ts';

/** A journal whose appends are counted and timed. */
export function measuredJournal(journal: Pick<Journal, 'append'>, meters: Meters): Pick<Journal, 'append'> {
  return {
    async append(writes) {
      const begun = performance.now();
      try {
        const outcomes = await journal.append(writes);
        let commits = 0;
        let entries = 0;
        writes.forEach((write, index) => {
          if (outcomes[index]?.outcome !== 'appended') return;
          if (write.kind === 'commit') commits += 1;
          else entries += write.entries.length;
        });
        meters.appended(commits, entries, performance.now() - begun);
        return outcomes;
      } catch (error) {
        meters.appendFailed();
        throw error;
      }
    },
  };
}

/** A log whose warnings and errors are counted, also where they are too small to be shown. */
export function measuredLog(log: Logger, meters: Meters): Logger {
  const counted = Object.create(log) as Logger;
  for (const level of ['warn', 'error'] as const) {
    counted[level] = (...said: Parameters<Logger['warn']>): void => {
      meters.logged(level);
      log[level](...said);
    };
  }
  return counted;
}

/** The length of what a Socket.IO encoder made last: Socket.IO encodes a message to many once, and tells nobody its size. */
export function countEncoded(encoder: { encode(packet: never): unknown[] }): () => number {
  let bytes = 0;
  const encode = encoder.encode.bind(encoder);
  encoder.encode = (packet) => {
    const encoded = encode(packet);
    bytes = encoded.reduce<number>((sum, part) => sum + (typeof part === 'string' ? Buffer.byteLength(part) : 0), 0);
    return encoded;
  };
  return () => bytes;
}
