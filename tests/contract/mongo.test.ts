import { onMongo } from '../support/onMongo.ts';
import { mongoBackend } from './places.ts';
import { storeContract } from './storeContract.ts';

onMongo('the contract of the store', (url) => {
  storeContract('MongoDB', () => mongoBackend(url));
});
