import type { Me } from '#shared/protocol/messages.ts';
import type { Lang } from './lib/i18n/lang.ts';
import type { Theme } from './lib/theme/theme.ts';

declare global {
  namespace App {
    interface Locals {
      lang: Lang;
      theme: Theme;
      /** The time zone of the reader, as an earlier visit told; null on the first. */
      zone: string | null;
    }
    interface PageData {
      lang: Lang;
      theme: Theme;
      zone: string | null;
      me: Me;
      /** Whether the API answered when the page was loaded. */
      reachable: boolean;
    }
  }
}
