import type { WireCommit } from '#shared/domain/commit.ts';
import type { RoomState } from '#shared/domain/state.ts';
import { Traveller } from '#shared/document/history/traveller.ts';
import type { ShownBlock } from '#shared/document/history/traveller.ts';
import type { DraftHistory, HistoryView, VersionView } from '#shared/protocol/historyView.ts';
import type { LogPage } from '#shared/protocol/messages.ts';
import { api } from '../api/client.ts';
import { patientGet } from '../api/patientGet.ts';
import type { Refusal, Result } from '../api/refusal.ts';
import type { Film } from './film.ts';
import { captionAt, captionsOf, filmMs, filmOf, pictureAt, pictureOf } from './film.ts';
import { RoomThen } from './roomThen.ts';
import type { Stop } from './timeline.ts';
import { stopsOf } from './timeline.ts';

const commitsPerPage = 500;
const nowhere: Stop = { at: 0, moment: -1, seq: 0, what: 'stage', versions: [] };

export const speeds = [0.5, 1, 2, 4] as const;
export type Speed = (typeof speeds)[number];

/** What a draft was, ready to be travelled through. */
interface Loaded {
  readonly draftId: string;
  readonly history: DraftHistory;
  readonly traveller: Traveller;
  readonly stops: readonly Stop[];
}

/** A journey through what a room was: where one stands, and what is seen from there. */
export class Travel {
  readonly roomId: string;
  #refusal = $state.raw<Refusal | null>(null);
  #view = $state.raw<HistoryView | null>(null);
  #loaded = $state.raw<Loaded | null>(null);
  #index = $state(0);
  #playing = $state(false);
  #speed = $state<Speed>(1);
  #commits: readonly WireCommit[] = [];
  #then = new RoomThen([]);
  #stop: (() => void) | null = null;
  #captionAt = $state<number | null>(null);

  constructor(roomId: string) {
    this.roomId = roomId;
  }

  get refusal(): Refusal | null {
    return this.#refusal;
  }

  get view(): HistoryView | null {
    return this.#view;
  }

  get ready(): boolean {
    return this.#loaded !== null;
  }

  get draftId(): string | null {
    return this.#loaded?.draftId ?? null;
  }

  get history(): DraftHistory | null {
    return this.#loaded?.history ?? null;
  }

  get stops(): readonly Stop[] {
    return this.#loaded?.stops ?? [];
  }

  /** Place of the slider. */
  get index(): number {
    return this.#index;
  }

  get stop(): Stop {
    return this.stops[this.#index] ?? nowhere;
  }

  get versions(): readonly VersionView[] {
    return this.#view?.drafts.find(({ id }) => id === this.draftId)?.versions ?? [];
  }

  get playing(): boolean {
    return this.#playing;
  }

  /** In the film: when the comment was written that stands under it now. */
  get captionAt(): number | null {
    return this.#captionAt;
  }

  get speed(): Speed {
    return this.#speed;
  }

  set speed(speed: Speed) {
    this.#speed = speed;
  }

  /** The room then. */
  get room(): RoomState {
    return this.#then.at(this.stop.seq);
  }

  /** The room as it is at the end of what was read. */
  get roomNow(): RoomState {
    return this.#now;
  }
  #now = new RoomThen([]).at(0);

  /** When the moment before this one was: what is newer is new here. */
  get since(): number {
    const { moment } = this.stop;
    return this.history?.moments[moment - 1]?.at ?? -1;
  }

  blocksAt(moment: number): readonly ShownBlock[] {
    return this.#loaded?.traveller.at(moment) ?? [];
  }

  /** Reads the room and one of its drafts, the first if none is named, and stands at the end. */
  async load(draftId: string | null = null): Promise<void> {
    this.pause();
    const room = `/api/rooms/${encodeURIComponent(this.roomId)}`;
    const view = this.#view === null ? await api.get<HistoryView>(`${room}/history`) : { ok: true as const, value: this.#view };
    if (!view.ok) return this.#refuse(view);
    const draft = view.value.drafts.find(({ id }) => id === draftId) ?? view.value.drafts[0];
    const [history, log] = await Promise.all([
      draft === undefined ? null : patientGet<DraftHistory>(api, `${room}/drafts/${encodeURIComponent(draft.id)}/history`),
      this.#commits.length > 0 ? null : this.#readLog(room),
    ]);
    if (history === null) return this.#refuse({ ok: false, rejection: { code: 'unknownDraft' } });
    if (!history.ok) return this.#refuse(history);
    if (log !== null) {
      if (!log.ok) return this.#refuse(log);
      this.#commits = log.value;
      this.#now = new RoomThen(this.#commits).at(this.#commits.length);
      this.#then = new RoomThen(this.#commits);
    }
    this.#view = view.value;
    const stops = stopsOf(history.value.moments, this.#commits, history.value.draftId);
    this.#loaded = { draftId: history.value.draftId, history: history.value, traveller: new Traveller(history.value), stops };
    this.#index = Math.max(0, stops.length - 1);
    this.#refusal = null;
  }

  goTo(index: number): void {
    this.#index = Math.min(Math.max(0, index), Math.max(0, this.stops.length - 1));
  }

  /** To the nearest version before or behind this place; to the beginning or the end where there is none. */
  toVersion(way: -1 | 1): void {
    const has = ({ versions }: Stop): boolean => versions.length > 0;
    const found =
      way === 1 ? this.stops.findIndex((stop, at) => at > this.#index && has(stop)) : this.stops.slice(0, this.#index).findLastIndex(has);
    this.goTo(found === -1 ? (way === 1 ? this.stops.length - 1 : 0) : found);
  }

  /** The place of a version. */
  placeOf(version: number): number {
    return this.stops.findIndex(({ versions }) => versions.includes(version));
  }

  /** Plays from here, from the beginning where the end is reached. With `still`, picture by picture, as few as tell the story. */
  play(still: boolean): void {
    if (this.#playing || this.stops.length === 0) return;
    const film = filmOf(this.stops, still);
    if (this.#index >= this.stops.length - 1) this.goTo(film.shown[0] ?? 0);
    this.#playing = true;
    this.#run(film, film.begins[pictureOf(film, this.#index)] ?? 0);
  }

  pause(): void {
    this.#stop?.();
    this.#stop = null;
    this.#playing = false;
    this.#captionAt = null;
  }

  #run(film: Film, from: number): void {
    const said = new Set(this.roomNow.comments.toArray().flatMap(({ at, body }) => (body.text === undefined ? [] : [at])));
    const captions = captionsOf(film, this.stops, ({ what, at }) => what === 'talk' && said.has(at));
    let passed = from;
    let last = performance.now();
    let frame = 0;
    const step = (now: number): void => {
      passed += Math.max(0, now - last) * this.#speed;
      last = now;
      const place = film.shown[pictureAt(film, passed)] ?? 0;
      if (place !== this.#index) this.goTo(place);
      this.#captionAt = captionAt(captions, passed);
      if (passed >= filmMs) this.pause();
      else frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
    this.#stop = () => cancelAnimationFrame(frame);
  }

  #refuse(result: Extract<Result<unknown>, { ok: false }>): void {
    this.#refusal = result.rejection;
  }

  async #readLog(room: string): Promise<Result<readonly WireCommit[]>> {
    const all: WireCommit[] = [];
    for (;;) {
      const after = all.at(-1)?.seq ?? 0;
      const page = await patientGet<LogPage>(api, `${room}/log?after=${after}&limit=${commitsPerPage}`);
      if (!page.ok) return page;
      all.push(...page.value.commits);
      if (page.value.next === null) return { ok: true, value: all };
    }
  }
}
