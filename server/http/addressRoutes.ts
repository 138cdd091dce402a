import type { AddressesView } from '#shared/protocol/messages.ts';
import type { Route } from './route.ts';
import { route } from './route.ts';

export interface AddressRouteParts {
  /** Where others reach this installation, the likeliest first; empty where nobody else does. */
  readonly addresses: () => readonly string[];
}

/** What to put on the screen of a hall: the address that others open. */
export function addressRoutes({ addresses }: AddressRouteParts): readonly Route[] {
  return [
    route({ method: 'get', path: '/addresses', scope: 'read', who: 'signedIn' }, () =>
      Promise.resolve({ status: 200, json: { addresses: addresses() } satisfies AddressesView }),
    ),
  ];
}
