import type { LeanCommit, WireCommit } from '../domain/commit.ts';
import type { GivenReason } from '../domain/participants/events.ts';
import type { Role } from '../domain/participants/roles.ts';
import type { Rejection } from '../domain/rejections.ts';
import type { RoomCommand } from '../domain/facts.ts';
import type { RoomSnapshot } from '../domain/snapshot.ts';
import type { Audience } from '../domain/visibility.ts';
import type { Words } from '../domain/words.ts';

/** Every answer is data or a rejection, nothing in between. */
export type Answer<T> = ({ readonly ok: true } & T) | { readonly ok: false; readonly rejection: Rejection };

/** The answer of `GET /api/rooms/:roomId/log`. */
export interface LogPage {
  readonly commits: readonly WireCommit[];
  readonly head: Head;
  /** What to ask for `after` next; null where the log ended with this page. */
  readonly next: number | null;
}

export interface Head {
  readonly seq: number;
  readonly hash: string;
}

/** A participant's name, for the screen. It comes beside the log, never in it. */
export interface PersonView {
  readonly id: string;
  /** Empty for a former member. */
  readonly displayName: string;
  readonly guest: boolean;
  /** The person was erased: nobody is behind this seat any more. */
  readonly former?: true;
  /** Optional labels of a person: where he comes from and whom he speaks for. */
  readonly organisation?: string;
  readonly level?: string;
  readonly sector?: string;
  /** Came with a room's export file: nobody here is behind this name. */
  readonly imported?: true;
}

/** Who the server takes this connection for. `participantId` is null for an anonymous viewer. */
export interface You {
  readonly participantId: string | null;
  readonly role: Role | null;
  readonly displayName: string | null;
  readonly audience: Audience;
  /** The words of one's own comments that others may not read at the moment. */
  readonly ownHidden: readonly { readonly comment: number; readonly body: Words }[];
}

export interface PresenceEntry {
  readonly participantId: string;
  /** By which changes name it; never given again in the room by this server. */
  readonly number: number;
  readonly typing: 'draft' | 'comment' | null;
}

export interface Presence {
  /** Participants with at least one connection, each once. */
  readonly here: readonly PresenceEntry[];
  /** Anonymous viewers: a number, never a name. */
  readonly watching: number;
}

/**
 * What has changed of who is here, in this order: numbers of those who left, entries of those who came, numbers of those who are writing
 * in the draft, or a comment, or nothing now. What is absent is as it was.
 */
export interface PresenceChange {
  readonly gone?: readonly number[];
  readonly here?: readonly PresenceEntry[];
  readonly draft?: readonly number[];
  readonly comment?: readonly number[];
  readonly nothing?: readonly number[];
  readonly watching?: number;
}

/** What a room takes up, in bytes, and how much it may: words are the discussion and the drafts together. For moderators. */
export interface RoomSizeView {
  readonly discussion: number;
  readonly drafts: number;
  readonly files: number;
  readonly mostWords: number;
  readonly mostFiles: number;
}

export interface Joined {
  readonly you: You;
  readonly head: Head;
  /** The room as this viewer may see it, at `head`. Absent where `after` could be continued. */
  readonly snapshot?: RoomSnapshot;
  /** The snapshot as gzip of its JSON, in its place: where the client takes it so and it is long. */
  readonly packed?: Uint8Array;
  /** The commits behind `after`, where it could be continued; those behind a snapshot that was written out a little earlier. */
  readonly commits?: readonly WireCommit[];
  readonly people: readonly PersonView[];
  readonly presence: Presence;
  readonly serverTime: number;
  /** False while the store does not take writes: the room is readable, and everybody is told. */
  readonly storing: boolean;
  /** For moderators of a room that is full, or nearly. */
  readonly size?: RoomSizeView;
}

/** Commands that people may send; what only the system may do is refused at the door already. */
export type SentCommand = RoomCommand;

/** Client to server. One socket is in one room. */
export interface Up {
  /**
   * First message. `after`: what the client already holds; `v`: PROTOCOL_VERSION; `packs`: how it takes a long snapshot; `lean`: it
   * verifies nothing as it comes, and is told in the lean form.
   */
  'room:join': (
    message: {
      readonly v: number;
      readonly roomId: string;
      readonly after?: Head | undefined;
      readonly packs?: 'gzip' | undefined;
      readonly lean?: boolean | undefined;
    },
    ack: (answer: Answer<Joined>) => void,
  ) => void;
  /** `commandId` is made by the client and resent with the same payload until answered: it acts once. */
  'command:send': (
    message: { readonly commandId: string; readonly command: SentCommand },
    ack: (answer: Answer<{ readonly seq: number }>) => void,
  ) => void;
  /** Commits with seq > after, at most 500 and about a megabyte an answer: where the last one is not at `head`, ask again. */
  'room:catchup': (
    message: { readonly after: number },
    ack: (answer: Answer<{ readonly commits: readonly WireCommit[]; readonly head: Head }>) => void,
  ) => void;
  'presence:set': (message: { readonly typing: 'draft' | 'comment' | null }) => void;
}

/** Server to client. */
export interface Down {
  /** New commits in rising seq. A gap is fetched with `room:catchup`. `people` names participants not named before. */
  'room:commits': (message: { readonly commits: readonly WireCommit[]; readonly people: readonly PersonView[] }) => void;
  /** The same to who joined with `lean`. */
  'room:told': (message: { readonly commits: readonly LeanCommit[]; readonly people: readonly PersonView[] }) => void;
  /** A change of the presence that the answer to the join began with. */
  'room:presence': (message: PresenceChange) => void;
  /** What this person may see or do changed: join again with `after` left out. */
  'you:changed': (message: { readonly you: You }) => void;
  /** The room has become full, or nearly, or is not any more; for moderators. `size` is null where all is well. */
  'room:size': (message: { readonly size: RoomSizeView | null }) => void;
  /** The server goes down for a moment: come back after a pause anywhere within `spreadMs`. */
  'room:leaving': (message: { readonly spreadMs: number }) => void;
  /** Whether the store takes writes. */
  'room:storing': (message: { readonly storing: boolean }) => void;
  /** The connection ends for good: signed out, removed from a room not public. */
  'room:ended': (message: { readonly rejection: Rejection }) => void;
}

export interface RoomCard {
  readonly id: string;
  readonly title: string;
  readonly question: string;
  readonly visibility: 'public' | 'link' | 'private';
  readonly status: 'open' | 'closed';
  readonly comments: number;
  readonly participants: number;
  readonly lastAt: number;
  /** When it begins, where somebody said so. */
  readonly startsAt: number | null;
  readonly archived: boolean;
  /** Until when it can be brought back; null where it was not deleted. Only its moderators still see a deleted room. */
  readonly deletedUntil: number | null;
  /** People connected now, participants and viewers together. */
  readonly here: number;
  readonly watching: number;
  readonly yourRole: Role | null;
  readonly sample: boolean;
}

export interface Me {
  /** null: nobody is signed in. */
  readonly account: { readonly id: string; readonly handle: string; readonly displayName: string; readonly admin: boolean } | null;
  readonly guest: { readonly displayName: string } | null;
  /** The room this sign-in counts in, where a personal link made it; null where it counts in all. */
  readonly onlyRoom: string | null;
  /** Whether the installation has its first administrator. */
  readonly setUp: boolean;
}

/** Somebody who can sign in, or a guest, as who keeps the installation sees him. `handle` is null for a guest, `suspended` where he is not. */
export interface PersonEntry {
  readonly principal: string;
  readonly displayName: string;
  readonly handle: string | null;
  readonly createdAt: number;
  readonly admin: boolean;
  readonly suspended: { readonly at: number; readonly reason: GivenReason } | null;
}

export interface InvitationView {
  readonly id: string;
  readonly role: Role;
  readonly label: string;
  readonly createdAt: number;
  readonly validUntil: number;
  readonly revokedAt: number | null;
}

/** Somebody who came into the room by a list of names, as those see him who invite. */
export interface RosterPerson {
  readonly participantId: string;
  readonly displayName: string;
  readonly handle?: string;
  readonly organisation?: string;
  readonly level?: string;
  readonly sector?: string;
  readonly role: Role;
  /** His personal link, or null for whom signs in with an account he had before. */
  readonly link: { readonly issue: number; readonly createdAt: number; readonly revokedAt: number | null } | null;
}

/** A slip of paper for one person; `path` is null where there is no link to give, or none this viewer may give. */
export interface Slip {
  readonly person: RosterPerson;
  readonly path: string | null;
}

/** What is printed: slips, and what stands on each of them. `startsAt` is null where no time is set. */
export interface SlipSheet {
  readonly roomTitle: string;
  readonly startsAt: number | null;
  readonly slips: readonly Slip[];
}

/** What a personal link shows before one follows it. `you`: this very person is signed in here already. */
export interface PersonalLinkPreview {
  readonly roomId: string;
  readonly roomTitle: string;
  readonly participantId: string;
  readonly displayName: string;
  readonly you: boolean;
}

/** Where others open this installation, the likeliest first: on the screen of a hall, and in codes on paper. */
export interface AddressesView {
  readonly addresses: readonly string[];
}

/** What a link shows before one follows it. */
export interface InvitationPreview {
  readonly roomId: string;
  readonly roomTitle: string;
  readonly role: Role;
  readonly guests: boolean;
  readonly validUntil: number;
}
