import { describe, test } from 'vitest';
import { mongoBackend } from './places.ts';
import { storeContract } from './storeContract.ts';

const url = process.env.SHANGLIANG_TEST_MONGO_URL;

if (url === undefined) {
  describe('MongoDB', () => {
    test.skip('the contract of the store (npm run test:mongo runs it where a server can be had)', () => undefined);
  });
} else {
  storeContract('MongoDB', () => mongoBackend(url));
}
