import type { Words } from '../words.ts';

/** public: listed and readable by anybody; link: readable by whoever has the address; private: participants only. */
export const visibilities = ['public', 'link', 'private'] as const;
export type Visibility = (typeof visibilities)[number];

/** members: moderator, recorder and members; participants: observers with a seat in the room as well. */
export const commenterSettings = ['members', 'participants'] as const;
export type WhoComments = (typeof commenterSettings)[number];

/** nobody: all appear at once; observers: what observers write is held until a moderator publishes it. */
export const reviews = ['nobody', 'observers'] as const;
export type Review = (typeof reviews)[number];

export interface RoomSettings {
  readonly visibility: Visibility;
  readonly whoComments: WhoComments;
  readonly guests: boolean;
  /** Milliseconds one person waits between two comments; 0 is no slow mode. */
  readonly slowModeMs?: number | undefined;
  /** Comments one person may write in this room; 0 is no limit. */
  readonly commentsPerPerson?: number | undefined;
  /** Whose comments a moderator looks at before everybody sees them. */
  readonly review?: Review | undefined;
}

/** Which record a room was made of: another room's, up to its entry `seq` with that hash, brought in at `at`. */
export interface RoomOrigin {
  readonly roomId: string;
  readonly seq: number;
  readonly hash: string;
  readonly at: number;
}

export type RoomLifeEvent =
  | {
      readonly type: 'room.created';
      readonly v: 1;
      readonly title: Words;
      readonly question: Words;
      readonly background: Words;
      readonly settings: RoomSettings;
      /** Of a room that was brought in from an export file as a new one. */
      readonly origin?: RoomOrigin;
    }
  | { readonly type: 'room.described'; readonly v: 1; readonly title: Words; readonly question: Words; readonly background: Words }
  | { readonly type: 'room.settingsChanged'; readonly v: 1; readonly settings: RoomSettings }
  | { readonly type: 'room.commentingOpened'; readonly v: 1 }
  | { readonly type: 'room.commentingClosed'; readonly v: 1 }
  | { readonly type: 'room.paused'; readonly v: 1; readonly note: Words | null }
  | { readonly type: 'room.resumed'; readonly v: 1 }
  | { readonly type: 'room.scheduled'; readonly v: 1; readonly startsAt: number | null }
  | { readonly type: 'room.archived'; readonly v: 1 }
  | { readonly type: 'room.unarchived'; readonly v: 1 }
  | { readonly type: 'room.deleted'; readonly v: 1; readonly untilAt: number }
  | { readonly type: 'room.deletionUndone'; readonly v: 1 }
  | {
      readonly type: 'file.added';
      readonly v: 1;
      readonly fileId: string;
      readonly name: Words;
      readonly contentType: string;
      readonly bytes: number;
      readonly sha256: string;
    }
  | { readonly type: 'file.removed'; readonly v: 1; readonly fileId: string }
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
  | { readonly type: 'pauseRoom'; readonly note?: string | undefined }
  | { readonly type: 'resumeRoom' }
  | { readonly type: 'scheduleRoom'; readonly startsAt: number | null }
  | { readonly type: 'archiveRoom' }
  | { readonly type: 'unarchiveRoom' }
  | { readonly type: 'deleteRoom' }
  | { readonly type: 'undoDeletion' }
  | {
      readonly type: 'addFile';
      readonly fileId: string;
      readonly name: string;
      readonly contentType: string;
      readonly bytes: number;
      readonly sha256: string;
    }
  | { readonly type: 'removeFile'; readonly fileId: string }
  | { readonly type: 'closeRoom' }
  | { readonly type: 'reopenRoom' };
