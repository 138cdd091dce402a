import type { Component } from 'svelte';

/** One line of a menu; `line` parts groups. */
export type MenuItem =
  | 'line'
  | {
      readonly label: string;
      /** A second, smaller line. */
      readonly detail?: string | undefined;
      /** From '@lucide/svelte/icons/...'. */
      readonly icon?: Component | undefined;
      /** A mark before the chosen one of several. */
      readonly checked?: boolean | undefined;
      /** Why it cannot be chosen at the moment: shown as its second line. */
      readonly unavailable?: string | undefined;
      readonly href?: string | undefined;
      readonly onselect?: (() => void) | undefined;
    };
