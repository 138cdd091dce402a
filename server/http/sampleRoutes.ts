import { bodies } from '#shared/protocol/schemas.ts';
import type { SampleVisits } from '../rooms/sampleVisits.ts';
import { sampleSeats } from '../rooms/sampleVisits.ts';
import type { Route } from './route.ts';
import { refusal, route } from './route.ts';

/** The door of the living sample room. */
export function sampleRoutes({ visits }: { readonly visits: Pick<SampleVisits, 'open'> }): readonly Route[] {
  return [
    route({ method: 'post', path: '/sample', scope: 'write', who: 'anybody', body: bodies.openSample }, async ({ body, address }) => {
      const opened = await visits.open(body.lang, address);
      if (!opened.ok) return refusal(opened.rejection);
      const { roomId, until, cookies } = opened;
      return { status: 201, json: { roomId, seats: sampleSeats, until }, cookies };
    }),
  ];
}
