import { io } from 'socket.io-client';
import type { LogPage } from '#shared/protocol/messages.ts';
import { seatOfPage, seatQuery } from '../sample/seat.ts';
import { api } from '../api/client.ts';
import type { Edges, RoomSocket } from './connection.ts';
import type { Shelf } from './outbox.ts';
import type { ReadLog } from './pinnedHead.svelte.ts';
import { unpack } from './unpack.ts';

/** The browser's storage; where it is switched off, something that forgets with the page. */
export function browserShelf(): Shelf {
  try {
    const probe = 'shangliang/probe';
    localStorage.setItem(probe, '');
    localStorage.removeItem(probe);
    return localStorage;
  } catch {
    const held = new Map<string, string>();
    return {
      getItem: (key) => held.get(key) ?? null,
      setItem: (key, value) => void held.set(key, value),
      removeItem: (key) => void held.delete(key),
    };
  }
}

/** Reads a page of a room's log, as this viewer may see it. */
export function logReader(roomId: string): ReadLog {
  return async (after, limit) => {
    const path = `/api/rooms/${encodeURIComponent(roomId)}/log?after=${after}&limit=${limit}`;
    const read = await api.get<LogPage>(path);
    return read.ok ? read.value : null;
  };
}

export const browserEdges: Edges = {
  open: () => {
    // Coming back is the room's own business: with full jitter, and with what it holds.
    const seat = seatOfPage();
    const query = seat === null ? {} : { query: { [seatQuery]: seat } };
    const socket: RoomSocket = io({
      transports: ['websocket'],
      reconnection: false,
      autoConnect: false,
      forceNew: true,
      timeout: 15_000,
      ...query,
    });
    return Promise.resolve(socket);
  },
  later: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  random: Math.random,
  unpack,
};
