import { addressRoutes } from '#server/http/addressRoutes.ts';
import { accountRoutes } from '#server/http/accountRoutes.ts';
import type { AccountParts } from '#server/http/accountRoutes.ts';
import { calendarRoutes } from '#server/http/calendarRoutes.ts';
import { erasureRoutes } from '#server/http/erasureRoutes.ts';
import { exportRoutes } from '#server/http/exportRoutes.ts';
import type { ExportParts } from '#server/http/exportRoutes.ts';
import { recordRoutes } from '#server/http/recordRoutes.ts';
import { checkpointRoutes } from '#server/http/checkpointRoutes.ts';
import { historyRoutes } from '#server/http/historyRoutes.ts';
import { outcomeRoutes } from '#server/http/outcomeRoutes.ts';
import { personalLinkRoutes } from '#server/http/personalLinkRoutes.ts';
import type { PersonalLinkRouteParts } from '#server/http/personalLinkRoutes.ts';
import { rosterRoutes } from '#server/http/rosterRoutes.ts';
import type { RosterRouteParts } from '#server/http/rosterRoutes.ts';
import { firstSightRoutes } from '#server/http/firstSightRoutes.ts';
import { fileRoutes } from '#server/http/fileRoutes.ts';
import type { FileParts } from '#server/http/fileRoutes.ts';
import { roomRoutes } from '#server/http/roomRoutes.ts';
import type { RoomRouteParts } from '#server/http/roomRoutes.ts';
import type { Route } from '#server/http/route.ts';
import { sampleRoutes } from '#server/http/sampleRoutes.ts';
import { suspensionRoutes } from '#server/http/suspensionRoutes.ts';
import { defaultLimits } from '#shared/domain/limits.ts';

/** The doors' own tables, with nothing behind them: what there is, not what it does. */
export const routes: readonly Route[] = [
  ...accountRoutes({ limits: defaultLimits, now: () => 0 } as unknown as AccountParts),
  ...addressRoutes({ addresses: () => [] }),
  ...rosterRoutes({ limits: defaultLimits } as unknown as RosterRouteParts),
  ...personalLinkRoutes({ limits: defaultLimits, now: () => 0 } as unknown as PersonalLinkRouteParts),
  ...roomRoutes({ limits: defaultLimits } as unknown as RoomRouteParts),
  ...firstSightRoutes({} as unknown as Parameters<typeof firstSightRoutes>[0]),
  ...exportRoutes({} as unknown as ExportParts),
  ...calendarRoutes({} as unknown as ExportParts),
  ...fileRoutes({ limits: defaultLimits } as unknown as FileParts),
  ...erasureRoutes({ limits: defaultLimits, now: () => 0 } as unknown as Parameters<typeof erasureRoutes>[0]),
  ...suspensionRoutes({ limits: defaultLimits } as unknown as Parameters<typeof suspensionRoutes>[0]),
  ...sampleRoutes({} as unknown as Parameters<typeof sampleRoutes>[0]),
  ...recordRoutes({ limits: defaultLimits } as unknown as Parameters<typeof recordRoutes>[0]),
  ...checkpointRoutes({} as unknown as Parameters<typeof checkpointRoutes>[0]),
  ...historyRoutes({} as unknown as Parameters<typeof historyRoutes>[0]),
  ...outcomeRoutes({} as unknown as Parameters<typeof outcomeRoutes>[0]),
];
