import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';

/**
 * How much of what was written last the network has not taken yet, in bytes; undefined where it cannot be told. While it changes, the
 * other side reads, however slowly: what waits in all (`bufferedAmount`) only shrinks once a write has gone as a whole, and a large room
 * or draft is one write. Node's own time-out of sockets looks at the same number; it has no public name.
 */
export function untakenBytes(ws: WebSocket | undefined): number | undefined {
  const { _socket: line } = (ws ?? {}) as { readonly _socket?: Socket & { readonly _handle?: { readonly writeQueueSize?: number } } };
  return line?._handle?.writeQueueSize;
}
