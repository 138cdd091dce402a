import type { Snippet } from 'svelte';

export interface DialogProps {
  open?: boolean;
  title: string;
  /** One or two sentences below the title. */
  description?: string | undefined;
  size?: 'small' | 'medium' | 'large';
  /** A click outside does not close it: for dialogs in which one writes. */
  keep?: boolean;
  /** Whether something was written in it that closing would lose: then closing asks first. */
  unsaved?: boolean;
  /** After it was closed, in whichever way. */
  onclose?: (() => void) | undefined;
  children?: Snippet | undefined;
  /** Buttons at the foot, the next step last. */
  actions?: Snippet | undefined;
}
