/** One thing in a record or a store that is not as it must be. `findingWords` says it in a person's words. */
export type Finding =
  /** In the log of a room, entry `seq` is where it stops holding. */
  | { readonly what: 'commitMissing'; readonly room: string; readonly seq: number; readonly found: number | null }
  | { readonly what: 'commitDetached'; readonly room: string; readonly seq: number }
  | { readonly what: 'commitChanged'; readonly room: string; readonly seq: number }
  | { readonly what: 'eventChanged'; readonly room: string; readonly seq: number; readonly type: string }
  | { readonly what: 'textChanged'; readonly room: string; readonly seq: number; readonly type: string }
  | { readonly what: 'eventUnreadable'; readonly room: string; readonly seq: number }
  /** It says what no room says: `field` is the first part of it that is wrong. */
  | { readonly what: 'eventMalformed'; readonly room: string; readonly seq: number; readonly type: string; readonly field: string }
  | { readonly what: 'timeBackwards'; readonly room: string; readonly seq: number }
  | { readonly what: 'commandTwice'; readonly room: string; readonly seq: number; readonly first: number }
  /** The log ends before the place that was known from elsewhere, or has another entry there. */
  | { readonly what: 'historyCut'; readonly room: string; readonly seq: number; readonly end: number }
  | { readonly what: 'historyReplaced'; readonly room: string; readonly seq: number }
  /** Of a room that was removed for good something is left. */
  | { readonly what: 'purgedRemains'; readonly room: string }
  | { readonly what: 'checkpointForged'; readonly room: string; readonly seq: number }
  /** In the log of a draft. */
  | { readonly what: 'draftEntryMissing'; readonly draft: string; readonly ordinal: number; readonly found: number | null }
  | { readonly what: 'draftEntryChanged'; readonly draft: string; readonly ordinal: number }
  | { readonly what: 'draftEntryUnreadable'; readonly draft: string; readonly ordinal: number }
  | { readonly what: 'draftTimeBackwards'; readonly draft: string; readonly ordinal: number }
  | { readonly what: 'draftStranger'; readonly draft: string; readonly ordinal: number }
  | { readonly what: 'draftUnknown'; readonly draft: string }
  /** A sealed version of a draft, entry `seq` of the room's log, and the draft's log do not fit. */
  | { readonly what: 'revisionCut'; readonly draft: string; readonly revision: number; readonly seq: number; readonly ordinal: number }
  | { readonly what: 'revisionLog'; readonly draft: string; readonly revision: number; readonly seq: number; readonly ordinal: number }
  | { readonly what: 'revisionText'; readonly draft: string; readonly revision: number; readonly seq: number; readonly ordinal: number }
  /** What is shown is not what the record gives. */
  | { readonly what: 'shownText'; readonly draft: string }
  | { readonly what: 'shownComment'; readonly comment: number }
  | { readonly what: 'shownSuggestion'; readonly suggestion: number }
  | { readonly what: 'shownCount'; readonly count: string; readonly shown: number; readonly counted: number }
  /** Of a store or a file. */
  | { readonly what: 'snapshotDamaged'; readonly kind: 'room' | 'draft'; readonly id: string; readonly position: number }
  | { readonly what: 'snapshotDiffers'; readonly kind: 'room' | 'draft'; readonly id: string; readonly position: number }
  /** The size that is kept is less than what the log takes up, or reaches further than the log. */
  | { readonly what: 'sizeDiffers'; readonly kind: 'room' | 'draft'; readonly id: string; readonly kept: number; readonly counted: number }
  | { readonly what: 'database'; readonly detail: string }
  | { readonly what: 'indexMissing'; readonly index: string }
  | { readonly what: 'recordUnreadable'; readonly kind: string; readonly id: string }
  | { readonly what: 'recordKeys'; readonly kind: string; readonly id: string }
  | { readonly what: 'fileMissing'; readonly room: string; readonly file: string }
  | { readonly what: 'fileChanged'; readonly room: string; readonly file: string };

/** Something to know that is no damage. */
export type Remark =
  | { readonly what: 'snapshotOfAnotherVersion'; readonly kind: 'room' | 'draft'; readonly id: string; readonly position: number }
  | { readonly what: 'unsealedTail'; readonly draft: string; readonly entries: number }
  | { readonly what: 'checkpointKeys'; readonly keys: readonly string[]; readonly checkpoints: number }
  | { readonly what: 'roomsPurged'; readonly rooms: number }
  | { readonly what: 'purgeUnfinished'; readonly room: string }
  | { readonly what: 'arrivalUnfinished'; readonly room: string }
  /** So many texts were erased and are still in the store. */
  | { readonly what: 'erasureUnfinished'; readonly room: string; readonly texts: number }
  | { readonly what: 'filesNotLookedAt'; readonly files: number };
