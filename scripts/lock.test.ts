import { describe, expect, test } from 'vitest';
import { lockComplaints, sqliteComplaints } from './lock.ts';

const manifest = { dependencies: { ws: '8.23.0' }, devDependencies: { vite: '8.3.8' } };
const sound = {
  packages: {
    '': {},
    'node_modules/ws': { version: '8.23.0' },
    'node_modules/vite': { version: '8.3.8', optionalDependencies: { fsevents: '~2.3.3' } },
    'node_modules/fsevents': { version: '2.3.3' },
  },
};

describe('lockComplaints', () => {
  test('a sound pair of files draws none', () => {
    expect(lockComplaints(manifest, sound)).toEqual([]);
  });

  test('a range in place of an exact version is named', () => {
    expect(lockComplaints({ dependencies: { ws: '^8.23.0' } }, sound)).toEqual([expect.stringContaining('ws is asked for as "^8.23.0"')]);
  });

  test('an optional package that npm install dropped is named', () => {
    const { 'node_modules/fsevents': _dropped, ...packages } = sound.packages;
    expect(lockComplaints(manifest, { packages })).toEqual([expect.stringContaining('vite wants fsevents')]);
  });

  test.each([
    ['8.21.0', 1],
    ['8.9.9', 1],
    ['7.99.99', 1],
    ['8.21.1', 0],
    ['8.22.0', 0],
    ['9.0.0', 0],
  ])('ws %s draws %i complaint(s) about its version', (version, count) => {
    const packages = { ...sound.packages, 'node_modules/ws': { version } };
    expect(lockComplaints(manifest, { packages })).toHaveLength(count);
  });

  test('a second copy of what there must be one of is named, with both places', () => {
    const packages = { ...sound.packages, 'node_modules/engine.io/node_modules/ws': { version: '8.23.0' } };
    expect(lockComplaints(manifest, { packages })).toEqual([
      expect.stringContaining('node_modules/ws, node_modules/engine.io/node_modules/ws'),
    ]);
  });

  test('a download address is refused', () => {
    const packages = { ...sound.packages, 'node_modules/ws': { version: '8.23.0', resolved: 'https://registry.example/ws.tgz' } };
    expect(lockComplaints(manifest, { packages })).toEqual([expect.stringContaining('download addresses')]);
  });
});

test('a SQLite with the hole in its log is named', () => {
  expect(sqliteComplaints('3.51.3')).toEqual([]);
  expect(sqliteComplaints(process.versions.sqlite)).toEqual([]);
  expect(sqliteComplaints('3.51.2')[0]).toContain('SQLite 3.51.2');
  expect(sqliteComplaints(undefined)).toHaveLength(1);
});
