import { onMount } from 'svelte';
import { nextStep } from './nextStep.ts';
import type { NextStep } from './nextStep.ts';
import { useRoom } from './roomContext.ts';

/** The next step of whoever looks at this page, kept up to date. To be called while a component is set up. */
export function useNextStep(): { readonly step: NextStep | null } {
  const { store } = useRoom();
  // A start time passes without anything being sent.
  let now = $state(0);
  onMount(() => {
    now = store.now();
    const timer = setInterval(() => (now = store.now()), 15_000);
    return () => clearInterval(timer);
  });
  const step = $derived(nextStep(store.state, store.me, now));
  return {
    get step() {
      return step;
    },
  };
}
