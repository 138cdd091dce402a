// The pages below speak of the room; see catalogue.ts.
import '../../lib/i18n/roomWords.ts';
