import type { BoardFilter } from '../suggestions/board.ts';
import type { Place } from './places.ts';

/** What one person looks at in a room: the place that is in front, and which suggestions the board shows. */
export class RoomView {
  place = $state<Place>('text');
  boardFilter = $state<BoardFilter>('all');

  /** The link on the screen of the hall: made once for as long as the page lives, and shown again at each opening. */
  hallInvitation: string | null = null;

  constructor(place: Place) {
    this.place = place;
  }
}
