import type { Rejection } from '../rejections.ts';
import type { RoomState } from '../state.ts';
import { commentOf, suggestionOf } from '../state.ts';
import type { ErasedText } from './events.ts';

/** Whose text it is and whether it was erased already; or why there is none. */
export function lookUp(state: RoomState, of: ErasedText): { readonly authors: readonly string[]; readonly erased: boolean } | Rejection {
  switch (of.kind) {
    case 'comment': {
      const comment = commentOf(state, of.comment);
      if (comment === undefined) return { code: 'unknownComment' };
      const { authorId, enteredBy, erased } = comment;
      return { authors: enteredBy === null ? [authorId] : [authorId, enteredBy], erased: erased !== undefined };
    }
    case 'suggestion': {
      const suggestion = suggestionOf(state, of.suggestion);
      if (suggestion === undefined) return { code: 'unknownSuggestion' };
      return { authors: [suggestion.by], erased: suggestion.erased !== undefined };
    }
    case 'file': {
      const file = state.files.find(({ id }) => id === of.fileId);
      return file === undefined ? { code: 'unknownFile' } : { authors: [file.by], erased: file.erased !== undefined };
    }
  }
}

/** The participants whose text it is, or null where there is no such text. */
export function authorsOfThing(state: RoomState, of: ErasedText): readonly string[] | null {
  const found = lookUp(state, of);
  return 'code' in found ? null : found.authors;
}
