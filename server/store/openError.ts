/** A store cannot be opened. The message is one sentence for the person who starts the server, and names the file or address. */
export class StoreOpenError extends Error {
  override readonly name = 'StoreOpenError';
}

/** Where a store reports what its operator should know. A pino logger fits. */
export interface StoreLog {
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** The message of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
