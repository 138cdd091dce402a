import { describe, test } from 'vitest';

/**
 * Tests that need a MongoDB: they run where scripts/test-mongo.mjs or scripts/with-mongo.mjs has named a server, and are one visible
 * skip elsewhere. `define` gets the server's address.
 */
export function onMongo(title: string, define: (url: string) => void): void {
  const url = process.env.SHANGLIANG_TEST_MONGO_URL;
  describe(title, () => {
    if (url === undefined || url === '') test.skip('needs a MongoDB: npm run test:mongo runs it where one can be had', () => undefined);
    else define(url);
  });
}
