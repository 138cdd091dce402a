import type { Component } from 'svelte';
import LucideIcon from './LucideIcon.svelte';

/** How an icon is drawn, as Lucide's files give it. */
export interface Drawing {
  readonly name: string;
  readonly size: number;
  readonly node: readonly (readonly [tag: string, attributes: Readonly<Record<string, string>>])[];
}

/** The component that draws an icon. Every icon of the pages is made by this, see scripts/slim-client.ts. */
export function iconOf(drawing: Drawing): Component {
  // A component is a function of the place it is drawn at.
  return (place) => LucideIcon(place, { drawing });
}
