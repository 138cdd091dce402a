import { vi } from 'vitest';

// Each of these tests drives a whole server; a machine that does other things at the same time takes ten times as long.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

export { ask, clientOf, furnish, guestOf, kinds, outcomeOf, tokenOf } from '../support/furnished.ts';
export type { Credentials, House, Kind } from '../support/furnished.ts';
export { draftLog, logDigest, roomLog } from '../support/storedLogs.ts';
