import type { Db } from 'mongodb';
import { MongoClient, MongoServerError, MongoServerSelectionError, ReadConcern, ReadPreference, WriteConcern } from 'mongodb';
import type { StoreLog } from '../openError.ts';
import { messageOf, StoreOpenError } from '../openError.ts';
import { failWritesIntoClosedSockets } from './closedSocket.ts';
import { versionProblem } from './serverVersion.ts';

export interface MongoOptions {
  readonly url: string;
  /** The database's name; without it the one in the address, else `shangliang`. */
  readonly dbName?: string;
  /** Accept a server that is no replica set. */
  readonly allowStandalone: boolean;
  readonly log?: StoreLog;
}

export interface MongoConnection {
  readonly client: MongoClient;
  readonly db: Db;
  readonly description: string;
}

/** How long one write may wait for a majority before its outcome counts as unknown. */
const majorityWithinMs = 10_000;
/** How long an operation waits for one of the connections, which are a hundred. */
const connectionWithinMs = 10_000;

/**
 * Connects so that every write is acknowledged by a majority with its journal, whatever the address asks for, and checks that the
 * server is one where this means something. Rejects with StoreOpenError, whose message is for a person and holds no password.
 */
export async function connectMongo(options: MongoOptions): Promise<MongoConnection> {
  const where = addressOf(options.url);
  failWritesIntoClosedSockets();
  const client = clientOf(options.url);
  try {
    await client.connect();
    const hello = await client.db('admin').command({ hello: 1 });
    const build = await client.db('admin').command({ buildInfo: 1 });
    // What stands in for MongoDB has versions of its own, and only says that it speaks like one.
    const tooOld = build.ferretdbVersion === undefined ? versionProblem(build.version) : null;
    if (tooOld !== null) throw new StoreOpenError(`The MongoDB at ${where} ${tooOld}.`);
    const replicated = typeof hello.setName === 'string' || hello.msg === 'isdbgrid';
    if (!replicated && !options.allowStandalone) {
      throw new StoreOpenError(
        `The MongoDB at ${where} is a single server, not a replica set, so what it acknowledges can be lost with it; make it a replica set, or set MONGODB_STANDALONE=1 to accept that.`,
      );
    }
    // Of a single server there is no majority to read from.
    // Said of the database, since for the whole client the settings in the address would win over ours.
    const db = client.db(options.dbName ?? databaseIn(options.url) ?? 'shangliang', {
      writeConcern: new WriteConcern('majority', majorityWithinMs, true),
      readConcern: new ReadConcern(replicated ? 'majority' : 'local'),
      readPreference: ReadPreference.primary,
    });
    const concern = db.writeConcern;
    if (concern?.w !== 'majority' || concern.journal !== true) {
      throw new StoreOpenError(`Writes to the MongoDB at ${where} would not wait for a majority and its journal.`);
    }
    const product = build.ferretdbVersion === undefined ? 'MongoDB' : 'FerretDB in place of MongoDB';
    const kind =
      typeof hello.setName === 'string' ? `replica set ${hello.setName}` : replicated ? 'sharded cluster' : 'single server, NOT replicated';
    if (!replicated) options.log?.warn({ address: where }, 'a single MongoDB server: what it acknowledges can be lost with it');
    return { client, db, description: `${product} ${String(build.version)} (${kind}, ${where}, database ${db.databaseName})` };
  } catch (thrown) {
    await client.close();
    throw openErrorOf(where, thrown);
  }
}

function clientOf(url: string): MongoClient {
  try {
    return new MongoClient(url, {
      appName: 'shangliang',
      serverSelectionTimeoutMS: 3000,
      connectTimeoutMS: 3000,
      socketTimeoutMS: 20_000,
      // Behind a database that stands still nobody waits without an end for a connection that comes free: that counts as a failure too.
      waitQueueTimeoutMS: connectionWithinMs,
      // Not zlib: servers exist whose zlib leaks memory to whoever has not signed in.
      compressors: ['none'],
      ignoreUndefined: true,
    });
  } catch (thrown) {
    // The driver's own words may repeat the address, and with it the password.
    const reason = messageOf(thrown);
    const why = reason.includes('@') ? '' : `: ${reason}`;
    throw new StoreOpenError(`MONGODB_URL is no address of a MongoDB${why}.`, { cause: thrown });
  }
}

/** The sentence for a person about a server that could not be used; a StoreOpenError stays as it is. */
export function openErrorOf(where: string, thrown: unknown): StoreOpenError {
  if (thrown instanceof StoreOpenError) return thrown;
  return new StoreOpenError(sentence(where, thrown), { cause: thrown });
}

function sentence(where: string, thrown: unknown): string {
  if (thrown instanceof MongoServerSelectionError) return `No MongoDB that could be used answers at ${where}: ${messageOf(thrown)}.`;
  if (thrown instanceof MongoServerError && thrown.code === 18) return `The MongoDB at ${where} does not accept the name and password.`;
  if (thrown instanceof MongoServerError && thrown.code === 13) return `The MongoDB at ${where} does not let this user do what is needed.`;
  return `The MongoDB at ${where} cannot be used: ${messageOf(thrown)}.`;
}

/** Hosts of an address, without name, password and settings. */
export function addressOf(url: string): string {
  return /^[a-z+]+:\/\/(?:[^@/]*@)?([^/?]*)/i.exec(url)?.[1] ?? 'the address given';
}

function databaseIn(url: string): string | undefined {
  const name = /^[a-z+]+:\/\/[^/]+\/([^?]+)/i.exec(url)?.[1];
  return name === undefined ? undefined : decodeURIComponent(name);
}
