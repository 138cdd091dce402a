import { newSqlitePlace } from './places.ts';
import { storeContract } from './storeContract.ts';

storeContract('SQLite', () => Promise.resolve({ newPlace: newSqlitePlace, atomicUpdates: true }));
