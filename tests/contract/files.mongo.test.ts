import { openGridFiles } from '#server/store/mongo/gridFiles.ts';
import { onMongo } from '../support/onMongo.ts';
import { filesContract } from './filesContract.ts';
import { newMongoPlace } from './places.ts';

onMongo('the contract of background files', (url) => {
  filesContract('GridFS', async () => {
    const place = newMongoPlace(url);
    const open = () => openGridFiles({ url, dbName: place.dbName, allowStandalone: true });
    const files = await open();
    return {
      files,
      again: open,
      dispose: async () => {
        await files.close();
        await place.remove();
      },
    };
  });
});
