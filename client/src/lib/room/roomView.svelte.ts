import type { BoardFilter } from '../suggestions/board.ts';
import type { Place } from './places.ts';

/** What one person looks at in a room: the place that is in front, and which suggestions the board shows. */
export class RoomView {
  place = $state<Place>('text');
  boardFilter = $state<BoardFilter>('all');

  constructor(place: Place) {
    this.place = place;
  }
}
