/**
 * The version of what crosses the wires. A client of another version is told to reload before anything else.
 * History, newest first:
 * 1  rooms, commands, catch-up, presence; drafts with durable acknowledgements and standing.
 */
export const PROTOCOL_VERSION = 1;
