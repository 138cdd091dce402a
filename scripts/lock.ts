/**
 * What we ask of package.json and package-lock.json beyond what npm asks. Pure: contents in, sentences out.
 */

/** The parts of package-lock.json that are looked at. */
export interface Lock {
  packages: Record<string, { version?: string; resolved?: string; optionalDependencies?: Record<string, string> }>;
}

/** The parts of package.json that are looked at. */
export interface Manifest {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

/** Below these versions the packages have published holes that reach us; every copy in the tree has to be at least this new. */
export const versionFloors: Readonly<Record<string, string>> = {
  ws: '8.21.1',
  'socket.io-parser': '4.2.7',
  'engine.io': '6.6.7',
  'socket.io': '4.8.4',
  express: '5.0.0',
  'body-parser': '2.3.0',
  qs: '6.14.1',
  'path-to-regexp': '8.4.0',
  '@sveltejs/kit': '2.63.0',
  svelte: '5.56.1',
  devalue: '5.6.4',
};

/** SQLite before this can corrupt a write-ahead log that is reset while another connection reads; Node brings its own copy. */
export const sqliteFloor = '3.51.3';

/** What is wrong with the SQLite of the Node that runs this; empty when all is well. */
export function sqliteComplaints(version: string | undefined): string[] {
  if (version !== undefined && !isOlder(version, sqliteFloor)) return [];
  return [`This Node brings SQLite ${version ?? 'of no version'}; anything below ${sqliteFloor} can corrupt its log: take a newer Node.`];
}

/** Packages of which two copies in one process would be two worlds: updates or sockets of one are strangers to the other. */
export const singleCopies: readonly string[] = ['ws', 'yjs', 'y-protocols', 'lib0', 'svelte', 'prosemirror-model', 'prosemirror-state'];

/** Everything that is wrong with a manifest and its lock file, one sentence each; empty when all is well. */
export function lockComplaints(manifest: Manifest, lock: Lock): string[] {
  return [...loosePins(manifest), ...missingOptionals(lock), ...belowFloors(lock), ...doubledCopies(lock), ...namedHosts(lock)];
}

function loosePins(manifest: Manifest): string[] {
  return Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
    .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    .map(([name, version]) => `${name} is asked for as "${version}"; pin one exact version.`);
}

/** `npm install` drops an optional package the registry does not have, and `npm ci` then fails on every other machine. */
function missingOptionals(lock: Lock): string[] {
  const present = new Set(Object.keys(lock.packages).map(nameOf));
  return Object.entries(lock.packages).flatMap(([path, entry]) =>
    Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => !present.has(name))
      .map(
        (name) => `${nameOf(path)} wants ${name}, which the lock file lacks: npm ci would fail; pin another version of ${nameOf(path)}.`,
      ),
  );
}

function belowFloors(lock: Lock): string[] {
  return Object.entries(lock.packages).flatMap(([path, { version }]) => {
    const floor = versionFloors[nameOf(path)];
    if (floor === undefined || version === undefined || !isOlder(version, floor)) return [];
    return [`${path} is ${version}; anything below ${floor} has known holes: raise it.`];
  });
}

function doubledCopies(lock: Lock): string[] {
  return singleCopies
    .map((name) => ({ name, paths: Object.keys(lock.packages).filter((path) => path !== '' && nameOf(path) === name) }))
    .filter(({ paths }) => paths.length > 1)
    .map(({ name, paths }) => `${name} is there ${paths.length} times (${paths.join(', ')}); one process needs one copy: use overrides.`);
}

/** A lock file that names a registry works only where that registry can be reached. */
function namedHosts(lock: Lock): string[] {
  const first = Object.values(lock.packages).find((entry) => entry.resolved !== undefined);
  return first ? ['The lock file names download addresses; run npm install with omit-lockfile-registry-resolved=true.'] : [];
}

/** The package a path of the lock file stands for: the part after the last node_modules/. */
function nameOf(path: string): string {
  return path.split('node_modules/').at(-1) ?? path;
}

function isOlder(version: string, floor: string): boolean {
  const parts = (text: string) => text.split('-')[0]!.split('.').map(Number);
  const [ours, theirs] = [parts(version), parts(floor)];
  const index = [0, 1, 2].find((i) => ours[i] !== theirs[i]);
  return index !== undefined && (ours[index] ?? 0) < (theirs[index] ?? 0);
}
