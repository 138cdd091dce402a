import type { Store } from '#server/store/ports.ts';
import type { RecordKinds } from '#server/store/records.ts';

/** What tests/contract/appendForever.ts needs to open a place from another process. */
export type PlaceAddress =
  { readonly adapter: 'sqlite'; readonly file: string } | { readonly adapter: 'mongo'; readonly url: string; readonly dbName: string };

/** An empty database of its own. Every store opened on it sees the same data, as several processes would. */
export interface Place {
  readonly address: PlaceAddress;
  open(): Promise<Store<RecordKinds>>;
  /** Closes what was opened on it and removes it. */
  remove(): Promise<void>;
}

/** A kind of database that the contract is proven on. */
export interface Backend {
  newPlace(): Promise<Place>;
  /** Whether conditional updates by several writers at once are atomic. */
  readonly atomicUpdates: boolean;
}

/** One store on one place, and more stores on the same place if a test asks for them. */
export interface OpenPlace {
  readonly store: Store<RecordKinds>;
  readonly place: Place;
}
