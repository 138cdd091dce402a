import { accountRoutes } from '#server/http/accountRoutes.ts';
import type { AccountParts } from '#server/http/accountRoutes.ts';
import { roomRoutes } from '#server/http/roomRoutes.ts';
import type { RoomRouteParts } from '#server/http/roomRoutes.ts';
import type { Route } from '#server/http/route.ts';
import { defaultLimits } from '#shared/domain/limits.ts';

/** The doors' own tables, with nothing behind them: what there is, not what it does. */
export const routes: readonly Route[] = [
  ...accountRoutes({ limits: defaultLimits, now: () => 0 } as unknown as AccountParts),
  ...roomRoutes({ limits: defaultLimits } as unknown as RoomRouteParts),
];
