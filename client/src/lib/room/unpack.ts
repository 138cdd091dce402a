import type { RoomSnapshot } from '#shared/domain/snapshot.ts';

/** Unpacks a room that came as gzip of its JSON; undefined in a browser that cannot. */
export const unpack =
  typeof DecompressionStream === 'undefined'
    ? undefined
    : async (packed: Uint8Array): Promise<RoomSnapshot> => {
        const stream = new Blob([packed as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream('gzip'));
        return (await new Response(stream).json()) as RoomSnapshot;
      };
