import type { MongoClient, TopologyDescriptionChangedEvent } from 'mongodb';

/** A connection that broke is tried again within half a second: only what is still out of reach then is told. */
const graceMs = 700;

/**
 * Calls `tell` when no server of the database has answered for a moment: sooner than an operation that waits for one gives up. Servers
 * that answer while they choose a new primary are in reach; what waits for that goes through, or fails, by itself. Gives what ends it.
 */
export function tellWhenOutOfReach(client: Pick<MongoClient, 'on' | 'off'>, tell: () => void): () => void {
  let timer: NodeJS.Timeout | null = null;

  function stop(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  }

  function look({ newDescription }: TopologyDescriptionChangedEvent): void {
    const inReach = [...newDescription.servers.values()].some(({ type }) => type !== 'Unknown');
    if (inReach) stop();
    else timer ??= setTimeout(tell, graceMs).unref();
  }

  client.on('topologyDescriptionChanged', look);
  return () => {
    stop();
    client.off('topologyDescriptionChanged', look);
  };
}
