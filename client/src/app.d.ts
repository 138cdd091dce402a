import type { Lang } from './lib/i18n/lang.ts';
import type { Theme } from './lib/theme/theme.ts';

declare global {
  namespace App {
    interface Locals {
      lang: Lang;
      theme: Theme;
    }
  }
}
