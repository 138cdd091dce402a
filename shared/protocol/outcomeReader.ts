import type { Erased } from '../domain/erasing/events.ts';
import type { Position } from '../domain/outcome.ts';
import { isTime } from '../domain/times.ts';
import type { OutcomeComment, OutcomeSuggestion, OutcomeView } from './outcomeView.ts';
import { durationWords, outcomeWords } from './outcomeWords.ts';
import type { OutcomeLang, OutcomeWords } from './outcomeWords.ts';

const locale: Readonly<Record<OutcomeLang, string>> = { zh: 'zh-CN', en: 'en-GB' };

/** A record with its words at hand: names, dates and rows by number. What the page and every file are written from. */
export class OutcomeReader {
  readonly view: OutcomeView;
  readonly words: OutcomeWords;
  readonly #names: ReadonlyMap<string, string>;
  readonly #comments: ReadonlyMap<number, OutcomeComment>;
  readonly #suggestions: ReadonlyMap<number, OutcomeSuggestion>;
  readonly #date: Intl.DateTimeFormat;
  readonly #moment: Intl.DateTimeFormat;
  readonly #list: Intl.ListFormat;

  /** `timeZone`: of the reader, an IANA name; where it is left out, that of the machine. Throws a RangeError for what is none. */
  constructor(view: OutcomeView, lang: OutcomeLang, timeZone?: string) {
    const zone = timeZone === undefined ? {} : { timeZone };
    this.view = view;
    this.words = outcomeWords[lang];
    this.#names = new Map(view.people.map(({ id, displayName, former }) => [id, former === true ? this.words.formerMember : displayName]));
    this.#comments = new Map(view.comments.map((comment) => [comment.number, comment]));
    this.#suggestions = new Map(view.suggestions.map((suggestion) => [suggestion.number, suggestion]));
    this.#date = new Intl.DateTimeFormat(locale[lang], { dateStyle: 'long', ...zone });
    this.#moment = new Intl.DateTimeFormat(locale[lang], { dateStyle: 'long', timeStyle: 'short', ...zone });
    this.#list = new Intl.ListFormat(locale[lang]);
  }

  date(at: number): string {
    return isTime(at) ? this.#date.format(at) : '–';
  }

  moment(at: number): string {
    return isTime(at) ? this.#moment.format(at) : '–';
  }

  get duration(): string {
    return durationWords(this.words, this.view.endedAt - this.view.startedAt);
  }

  name(id: string): string {
    return this.#names.get(id) ?? this.words.someone;
  }

  names(ids: readonly string[]): string {
    return this.#list.format(ids.map((id) => this.name(id)));
  }

  suggestion(number: number): OutcomeSuggestion | undefined {
    return this.#suggestions.get(number);
  }

  comment(number: number): OutcomeComment | undefined {
    return this.#comments.get(number);
  }

  author({ authorId, enteredBy }: OutcomeComment): string {
    const name = this.name(authorId);
    return enteredBy === null ? name : this.words.spokenBy(name, this.name(enteredBy));
  }

  /** What a position is about, in words. */
  wordsOf({ of }: Position): string {
    const { number } = of;
    return of.kind === 'suggestion' ? this.askOf(this.#suggestions.get(number)) : this.saidIn(this.#comments.get(number));
  }

  /** What a suggestion asks for, or that it was erased. */
  askOf(suggestion: OutcomeSuggestion | undefined): string {
    return suggestion?.erased === undefined ? (suggestion?.ask ?? '') : this.erased(suggestion.erased);
  }

  /** What a comment says, or that it was erased. */
  saidIn(comment: OutcomeComment | undefined): string {
    return comment?.erased === undefined ? (comment?.text ?? '') : this.erased(comment.erased);
  }

  /** What stands in the place of an erased text. */
  erased({ as, by, at }: Erased): string {
    const { administrator, former } = this.words.erasedBy;
    const who = as === 'administrator' ? administrator : by === 'system' ? former : this.name(by);
    return this.words.erased(who, this.moment(at));
  }

  /** Who is for, reserved and against, one line each, nobody left out. */
  voices({ support, reserved, against }: Position): readonly string[] {
    const { words } = this;
    return (
      [
        [words.support, support],
        [words.reserved, reserved],
        [words.against, against],
      ] as const
    )
      .filter(([, ids]) => ids.length > 0)
      .map(([count, ids]) => `${count(ids.length)}${words.colon}${this.names(ids)}`);
  }

  /** What the authors of a suggestion say of it. */
  answers({ confirmedBy, disputedBy, unanswered }: OutcomeSuggestion): readonly string[] {
    const { words } = this;
    const lines: string[] = [];
    if (confirmedBy.length > 0) lines.push(words.confirmedBy(this.names(confirmedBy)));
    if (disputedBy.length > 0) lines.push(words.disputedBy(this.names(disputedBy)));
    if (unanswered.length > 0) lines.push(words.unanswered(this.names(unanswered)));
    return lines.length === 0 ? [words.noAuthor] : lines;
  }
}
