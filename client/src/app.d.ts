import type { Me } from '#shared/protocol/messages.ts';
import type { Lang } from './lib/i18n/lang.ts';
import type { Theme } from './lib/theme/theme.ts';

declare global {
  namespace App {
    interface Locals {
      lang: Lang;
      theme: Theme;
    }
    interface PageData {
      lang: Lang;
      theme: Theme;
      me: Me;
      /** Whether the API answered when the page was loaded. */
      reachable: boolean;
    }
  }
}
