import { createContext } from 'svelte';
import { rememberChoice } from '../session/remember.ts';
import { themeCookie, type Theme } from './theme.ts';

/** Light, dark, or as the device has it. The choice stands in `<html data-theme>`, which the server writes from the cookie. */
export class ThemeChoice {
  #choice = $state<Theme>('auto');

  constructor(choice: Theme) {
    this.#choice = choice;
  }

  get choice(): Theme {
    return this.#choice;
  }

  set(choice: Theme): void {
    this.#choice = choice;
    document.documentElement.dataset.theme = choice;
    rememberChoice(themeCookie, choice);
  }

  /** From what one sees now to the other. Only in the browser, which alone knows what `auto` looks like. */
  toggle(): void {
    const dark = this.#choice === 'auto' ? matchMedia('(prefers-color-scheme: dark)').matches : this.#choice === 'dark';
    this.set(dark ? 'light' : 'dark');
  }
}

const [useTheme, setTheme] = createContext<ThemeChoice>();
export { useTheme };

export function provideTheme(choice: Theme): ThemeChoice {
  return setTheme(new ThemeChoice(choice));
}
