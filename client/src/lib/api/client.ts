import { forSeat, seatOfPage } from '../sample/seat.ts';
import type { Refusal, Result } from './refusal.ts';

type Fetch = typeof fetch;

export interface Api {
  get<T>(path: string): Promise<Result<T>>;
  post<T>(path: string, body?: unknown): Promise<Result<T>>;
  put<T>(path: string, body?: unknown): Promise<Result<T>>;
  delete<T = null>(path: string): Promise<Result<T>>;
}

/**
 * The HTTP API, JSON in and out. Nothing throws: a refusal, a broken answer and a missing network are values.
 * @param fetchWith the `fetch` of a load function there, else the browser's own
 * @param seat the seat of a sample room it is asked for; in a browser the page's own, if it has one
 */
export function apiWith(fetchWith: Fetch, seat: () => string | null = seatOfPage): Api {
  async function ask<T>(method: string, path: string, body?: unknown): Promise<Result<T>> {
    let response: Response;
    let text: string;
    try {
      response = await fetchWith(forSeat(path, seat()), {
        method,
        headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      text = await response.text();
    } catch {
      return { ok: false, rejection: { code: 'offline' } };
    }
    const data = parse(text);
    if (response.ok && data !== undefined) return { ok: true, value: data as T };
    return { ok: false, rejection: rejectionIn(data) ?? { code: 'broken', status: response.status } };
  }

  return {
    get: (path) => ask('GET', path),
    post: (path, body) => ask('POST', path, body),
    put: (path, body) => ask('PUT', path, body),
    delete: (path) => ask('DELETE', path),
  };
}

/** For everything outside load functions. */
export const api: Api = apiWith((input, init) => fetch(input, init));

/** An empty answer (204) is null; what is no JSON is undefined. */
function parse(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function rejectionIn(data: unknown): Refusal | undefined {
  if (typeof data !== 'object' || data === null || !('rejection' in data)) return undefined;
  const { rejection } = data;
  const named = typeof rejection === 'object' && rejection !== null && 'code' in rejection && typeof rejection.code === 'string';
  return named ? (rejection as Refusal) : undefined;
}
