import { createContext } from 'svelte';
import type { CommentAnchor, GivenAnchor } from '#shared/domain/comments/events.ts';
import type { Dialogs } from './dialogs.svelte.ts';
import type { DiscussionView } from './discussionView.svelte.ts';
import type { Shelf } from './outbox.ts';
import type { RoomStore } from './roomStore.svelte.ts';
import type { RoomView } from './roomView.svelte.ts';
import type { Writing } from './writing.svelte.ts';

export interface RoomContext {
  readonly store: RoomStore;
  readonly discussion: DiscussionView;
  readonly dialogs: Dialogs;
  readonly view: RoomView;
  /** What is being written at the foot of the discussion. */
  readonly writing: Writing;
  readonly shelf: Shelf;
  /** Whether the person has an account or is a guest, with a seat in this room or without. */
  readonly signedIn: boolean;
  /** Whether the person keeps the installation. */
  readonly administrator: boolean;
  /** The name of a participant or of the system, in the language of the page. */
  nameOf(id: string): string;
  /** Brings a comment into sight, wherever one is. */
  showComment(comment: number): void;
  /** Brings the passage of a comment into sight in the text. */
  showPassage(comment: number): void;
  /** Brings a passage of a draft into sight in the text, or says that it is gone. */
  showAnchor(anchor: CommentAnchor | GivenAnchor): void;
  /** Brings a suggestion into sight on the board. */
  showSuggestion(suggestion: number): void;
}

const [useRoom, provideRoom] = createContext<RoomContext>();
export { useRoom, provideRoom };
