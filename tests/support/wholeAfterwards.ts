import { lookAtWhatIsLeft } from './leftBehind.ts';

/* Every installation that a test of Vitest's leaves holds together, whatever was done to its server: what `npm run doctor` looks at. */
lookAtWhatIsLeft(async (dataDir) => {
  // Loaded where it is needed: most files of tests start no server.
  const { inspect } = await import('../faults/support/inspect.ts');
  const wrong = await inspect(dataDir);
  if (wrong.length > 0) throw new Error(`What this test left does not hold: ${wrong.slice(0, 8).join('; ')}`);
});
