import type { Db, IndexDescription } from 'mongodb';

/** Makes those indexes of a collection that are not there yet, by name: a server may stumble over one that is asked for again. */
export async function makeIndexes(
  db: Db,
  collection: string,
  wanted: readonly (IndexDescription & { readonly name: string })[],
): Promise<void> {
  const known = (await db.listCollections({ name: collection }, { nameOnly: true }).toArray()).length > 0;
  const there = known ? (await db.collection(collection).indexes()).map(({ name }) => name) : [];
  const missing = wanted.filter(({ name }) => !there.includes(name));
  if (missing.length > 0) await db.collection(collection).createIndexes(missing);
}
