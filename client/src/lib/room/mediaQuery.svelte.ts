import { createSubscriber } from 'svelte/reactivity';

/** Whether a media query holds, for what CSS alone cannot decide. */
export function mediaQuery(query: string): { readonly matches: boolean } {
  const list = matchMedia(query);
  const subscribe = createSubscriber((update) => {
    list.addEventListener('change', update);
    return () => list.removeEventListener('change', update);
  });
  return {
    get matches() {
      subscribe();
      return list.matches;
    },
  };
}
