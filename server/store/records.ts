import type { GivenReason } from '#shared/domain/participants/events.ts';
import type { Role } from '#shared/domain/participants/roles.ts';
import type { StoredRecord } from './ports.ts';

/** A person who can sign in. `passwordHash` is a PHC string. */
export interface AccountRecord extends StoredRecord {
  readonly handle: string;
  /** The handle in lower case, unique. */
  readonly handleKey: string;
  readonly displayName: string;
  readonly passwordHash: string;
  readonly admin: boolean;
  readonly createdAt: number;
  /** Nobody is signed in by it, until an administrator takes this away again. `by`: the account of who suspended it. */
  readonly suspension?: Suspension;
}

export interface Suspension {
  readonly at: number;
  readonly by: string;
  readonly reason: GivenReason;
}

/** A guest: somebody without an account who may become one later without becoming another participant. */
export interface GuestRecord extends StoredRecord {
  readonly displayName: string;
  readonly createdAt: number;
}

/** A sign-in of a browser (`cookie`) or a program (`token`), or of one seat of a sample room (`seat`, named by `label`). The id is the SHA-256 of the secret; the secret is not stored. */
export interface SessionRecord extends StoredRecord {
  readonly use: 'cookie' | 'token' | 'seat';
  /** `account:<id>`, `guest:<id>`, or `participant:<id>` of who came by a personal link. */
  readonly principal: string;
  /** What a token may do; a cookie may do everything its owner may. */
  readonly scopes: readonly string[];
  readonly label: string;
  /** The personal link it was made by: it ends with that link, and counts in the link's room only. */
  readonly linkId?: string;
  readonly createdAt: number;
  readonly seenAt: number;
  readonly expiresAt: number;
}

/** Who a participant of a room is. The name stands here and nowhere in the log. */
export interface PersonRecord extends StoredRecord {
  readonly roomId: string;
  readonly principal: string;
  /** `<roomId>/<principal>`, unique: one person is one participant. */
  readonly seatKey: string;
  readonly displayName: string;
  /** Where the person comes from and whom he speaks for, as the list of names said. */
  readonly organisation?: string;
  readonly level?: string;
  readonly sector?: string;
  /** The user name the list gave. */
  readonly handle?: string;
  /** Made the room. */
  readonly made?: true;
  /** Came into the room by a list of names. */
  readonly listed?: true;
  /** Nobody is behind this seat any more: the person was erased, and his name with him. */
  readonly former?: true;
  readonly createdAt: number;
}

/**
 * A link that signs in one participant. The id is the SHA-256 of the secret, which is stored nowhere: it follows from the
 * installation's key, the participant and the number of the issue.
 */
export interface PersonalLinkRecord extends StoredRecord {
  readonly roomId: string;
  readonly personId: string;
  /** 1 for the first link of a person; each new one counts on and takes the place of those before. */
  readonly issue: number;
  readonly createdAt: number;
  readonly revokedAt: number | null;
}

/** A link into a room in a role. The id is the SHA-256 of the secret in the link. */
export interface InvitationRecord extends StoredRecord {
  readonly roomId: string;
  readonly role: Role;
  readonly label: string;
  readonly createdBy: string;
  readonly createdAt: number;
  /** Kept after its expiry, so that who comes late is told so; swept much later. */
  readonly validUntil: number;
  readonly revokedAt: number | null;
  readonly expiresAt: number;
}

/** A line of the list of rooms: a projection of the log at `position`, rebuilt from it at any time. */
export interface RoomCardRecord extends StoredRecord {
  readonly position: number;
  readonly title: string;
  readonly question: string;
  readonly visibility: 'public' | 'link' | 'private';
  readonly status: 'open' | 'closed';
  readonly comments: number;
  readonly participants: number;
  readonly createdAt: number;
  readonly lastAt: number;
  /** When it begins; absent in lines of earlier versions. */
  readonly startsAt?: number | null;
  readonly archived?: boolean;
  readonly deletedUntil?: number | null;
  /** `yes` or `no`: the index over public rooms needs a text. */
  readonly listed: string;
}

/** A background file that a room has or is about to have: as long as it is here, the content it names stays. */
export interface RoomFileRecord extends StoredRecord {
  readonly roomId: string;
  readonly sha256: string;
  readonly createdAt: number;
}

/** The bytes of all updates of a draft up to an ordinal of its log; the id is the draft's. A projection, like the line of a room. */
export interface DraftSizeRecord extends StoredRecord {
  readonly roomId: string;
  readonly ordinal: number;
  readonly logBytes: number;
}

/** Up to which commit of a room all is done that follows from it; the id is the room's. */
export interface FollowedRecord extends StoredRecord {
  readonly roomId: string;
  readonly seq: number;
}

/** What is being erased in a room: the command that erases, until its texts are taken out of the store. */
export interface ErasureRecord extends StoredRecord {
  readonly roomId: string;
  readonly actorId: string;
  readonly commandId: string;
  readonly createdAt: number;
}

/** A person who is being erased, until nothing of him is left; the id is his principal. */
export interface PersonErasureRecord extends StoredRecord {
  readonly as: 'author' | 'administrator';
  readonly texts: boolean;
  readonly reason: GivenReason | null;
  readonly createdAt: number;
}

/** An account whose rooms are still to be told that it was suspended, or is not any more; the id is the account's. */
export interface SuspensionDueRecord extends StoredRecord {
  readonly createdAt: number;
}

/** A signed mark of where a room's log stood; the id puts the newest of a room first. */
export interface CheckpointRecord extends StoredRecord {
  readonly roomId: string;
  readonly size: number;
  readonly head: string;
  readonly at: number;
  readonly key: string;
  readonly signature: string;
}

/**
 * What stays of a room that was removed for good; the id is the room's. It is written before anything is removed: from then on
 * the room is gone, and whatever is left of it is removed sooner or later.
 */
export interface PurgedRoomRecord extends StoredRecord {
  /** marked: fenced off, nothing removed yet; removing: some of it may be gone, and nothing may be overwritten yet; removed: nothing is left. */
  readonly state: 'marked' | 'removing' | 'removed';
  /** How many entries its log had, and the hash of the last one. */
  readonly entries: number;
  readonly head: string;
  /** The participant who deleted it, and when. */
  readonly deletedBy: string;
  readonly deletedAt: number;
  readonly visibility: 'public' | 'link' | 'private';
  readonly draftIds: readonly string[];
  readonly files: readonly { readonly id: string; readonly sha256: string }[];
  /** When it was decided that it goes for good. */
  readonly purgedAt: number;
}

/** A room that is being brought in from a file. It is written before anything of the room, and removed when all of it is there, or nothing. */
export interface ArrivalRecord extends StoredRecord {
  readonly roomId: string;
  readonly state: 'arriving' | 'arrived' | 'leaving';
  readonly draftIds: readonly string[];
  readonly files: readonly { readonly id: string; readonly sha256: string }[];
  readonly createdAt: number;
}

/** Facts about the installation itself: whether it was set up, which room is the sample. */
export interface InstallationRecord extends StoredRecord {
  readonly value: string;
}

// A type, not an interface: only a type alias fits the index signature the ports ask for.
export type RecordKinds = {
  readonly account: AccountRecord;
  readonly guest: GuestRecord;
  readonly session: SessionRecord;
  readonly person: PersonRecord;
  readonly invitation: InvitationRecord;
  readonly personalLink: PersonalLinkRecord;
  readonly roomCard: RoomCardRecord;
  readonly roomFile: RoomFileRecord;
  readonly draftSize: DraftSizeRecord;
  readonly checkpoint: CheckpointRecord;
  readonly purgedRoom: PurgedRoomRecord;
  readonly arrival: ArrivalRecord;
  readonly followed: FollowedRecord;
  readonly erasure: ErasureRecord;
  readonly personErasure: PersonErasureRecord;
  readonly suspensionDue: SuspensionDueRecord;
  readonly installation: InstallationRecord;
};

/** Fields each kind can be found by, and which of them are unique within the kind. Both adapters build their indexes from this table. */
export const recordIndexes: { readonly [K in keyof RecordKinds]: readonly { readonly field: string; readonly unique: boolean }[] } = {
  account: [{ field: 'handleKey', unique: true }],
  guest: [],
  session: [{ field: 'principal', unique: false }],
  person: [
    { field: 'seatKey', unique: true },
    { field: 'roomId', unique: false },
    { field: 'principal', unique: false },
  ],
  invitation: [{ field: 'roomId', unique: false }],
  personalLink: [
    { field: 'roomId', unique: false },
    { field: 'personId', unique: false },
  ],
  roomCard: [{ field: 'listed', unique: false }],
  roomFile: [{ field: 'sha256', unique: false }],
  draftSize: [{ field: 'roomId', unique: false }],
  checkpoint: [{ field: 'roomId', unique: false }],
  purgedRoom: [{ field: 'state', unique: false }],
  arrival: [{ field: 'roomId', unique: false }],
  followed: [{ field: 'roomId', unique: false }],
  erasure: [{ field: 'roomId', unique: false }],
  personErasure: [],
  suspensionDue: [],
  installation: [],
};
