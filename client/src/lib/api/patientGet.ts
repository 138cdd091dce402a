import type { Api } from './client.ts';
import type { Result } from './refusal.ts';

/** So often it is asked again, and no later than after so long. */
const mostTries = 8;
const longestMs = 10_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Asks for something and, where the server says that it has too much to do, asks again when it said. For what reads page after page: one
 * page that has to wait must not end the reading.
 */
export async function patientGet<T>(api: Pick<Api, 'get'>, path: string, wait = pause): Promise<Result<T>> {
  for (let tries = 1; ; tries += 1) {
    const result = await api.get<T>(path);
    if (result.ok || tries === mostTries) return result;
    const { rejection } = result;
    if (rejection.code !== 'busy' && rejection.code !== 'tooFast') return result;
    await wait(Math.min(longestMs, rejection.retryAfterMs));
  }
}
