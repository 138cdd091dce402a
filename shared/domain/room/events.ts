import type { Words } from '../words.ts';

/** public: listed and readable by anybody; link: readable by whoever has the address; private: participants only. */
export const visibilities = ['public', 'link', 'private'] as const;
export type Visibility = (typeof visibilities)[number];

/** members: moderator, recorder and members; participants: observers with a seat in the room as well. */
export const commenterSettings = ['members', 'participants'] as const;
export type WhoComments = (typeof commenterSettings)[number];

export interface RoomSettings {
  readonly visibility: Visibility;
  readonly whoComments: WhoComments;
  readonly guests: boolean;
}

export type RoomLifeEvent =
  | {
      readonly type: 'room.created';
      readonly v: 1;
      readonly title: Words;
      readonly question: Words;
      readonly background: Words;
      readonly settings: RoomSettings;
    }
  | { readonly type: 'room.described'; readonly v: 1; readonly title: Words; readonly question: Words; readonly background: Words }
  | { readonly type: 'room.settingsChanged'; readonly v: 1; readonly settings: RoomSettings }
  | { readonly type: 'room.commentingOpened'; readonly v: 1 }
  | { readonly type: 'room.commentingClosed'; readonly v: 1 }
  | { readonly type: 'room.closed'; readonly v: 1 }
  | { readonly type: 'room.reopened'; readonly v: 1 };

export type RoomLifeCommand =
  | {
      readonly type: 'createRoom';
      readonly creatorId: string;
      readonly title: string;
      readonly question: string;
      readonly background: string;
      readonly settings: RoomSettings;
    }
  | { readonly type: 'describeRoom'; readonly title: string; readonly question: string; readonly background: string }
  | { readonly type: 'changeSettings'; readonly settings: RoomSettings }
  | { readonly type: 'openCommenting' }
  | { readonly type: 'closeCommenting' }
  | { readonly type: 'closeRoom' }
  | { readonly type: 'reopenRoom' };
