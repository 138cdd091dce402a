import type { Words } from '../words.ts';
import type { Role } from './roles.ts';

/** Codes a moderator picks from when an act is against a person or a text; free words may be added. */
export const reasonCodes = [
  'offTopic',
  'insult',
  'personalData',
  'duplicate',
  'spam',
  'disruption',
  'byRequest',
  'mistake',
  'other',
] as const;
export type ReasonCode = (typeof reasonCodes)[number];

export interface Reason {
  readonly code: ReasonCode;
  readonly note: Words | null;
}

export type ParticipantEvent =
  | {
      readonly type: 'participant.joined';
      readonly v: 1;
      readonly participantId: string;
      readonly role: Role;
      readonly via: 'creation' | 'invitation' | 'guest';
    }
  | { readonly type: 'participant.roleChanged'; readonly v: 1; readonly participantId: string; readonly role: Role; readonly was: Role }
  | { readonly type: 'participant.muted'; readonly v: 1; readonly participantId: string; readonly reason: Reason }
  | { readonly type: 'participant.unmuted'; readonly v: 1; readonly participantId: string }
  | { readonly type: 'participant.removed'; readonly v: 1; readonly participantId: string; readonly reason: Reason }
  | { readonly type: 'participant.readmitted'; readonly v: 1; readonly participantId: string }
  /** The account behind the seat was suspended by the administrator, or is not any more. Why stands with the account, not in rooms. */
  | { readonly type: 'participant.suspended'; readonly v: 1; readonly participantId: string }
  | { readonly type: 'participant.resumed'; readonly v: 1; readonly participantId: string };

/** A reason as it comes from a person, before its words are sealed. */
export interface GivenReason {
  readonly code: ReasonCode;
  readonly note?: string | undefined;
}

export type ParticipantCommand =
  | {
      readonly type: 'admitParticipant';
      readonly participantId: string;
      readonly role: Role;
      readonly via: 'invitation' | 'guest';
    }
  | { readonly type: 'changeRole'; readonly participantId: string; readonly role: Role }
  | { readonly type: 'muteParticipant'; readonly participantId: string; readonly reason: GivenReason }
  | { readonly type: 'unmuteParticipant'; readonly participantId: string }
  | { readonly type: 'removeParticipant'; readonly participantId: string; readonly reason: GivenReason }
  | { readonly type: 'readmitParticipant'; readonly participantId: string }
  | { readonly type: 'suspendParticipant'; readonly participantId: string }
  | { readonly type: 'resumeParticipant'; readonly participantId: string };
