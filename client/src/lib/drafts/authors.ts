import type { Standing } from '#shared/protocol/frames.ts';

/** Which participant writes under which Yjs client id. */
export type Authors = ReadonlyMap<number, string>;

export const noAuthors: Authors = new Map();

/** The authors with those a standing names; the same object where it names none. */
export function withAuthors(authors: Authors, named: Standing['authors']): Authors {
  const entries = Object.entries(named);
  return entries.length === 0 ? authors : new Map([...authors, ...entries.map(([clientId, who]) => [Number(clientId), who] as const)]);
}
