import * as Y from 'yjs';
import type { Drafts } from '#server/drafts/drafts.ts';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { Person, until } from '../../drafts/person.ts';

/** One change of the draft, by one character that occurs nowhere else: put in, or taken out. */
export interface DraftOp {
  readonly kind: 'insert' | 'erase';
  readonly token: string;
  readonly by: string;
  acked: boolean;
  /** On which connection it went out at once, and in which of its write frames. */
  sentOn: Person | null;
  frame: number;
}

/** Somebody at an editor, who keeps his copy through losses of the line and gives it up when it is refused. */
export class Writer {
  readonly name: string;
  doc = new Y.Doc();
  person: Person | null = null;
  house = 0;
  /** What is in the copy and not known to be safe. */
  pending: DraftOp[] = [];

  constructor(name: string) {
    this.name = name;
  }

  async join(drafts: Drafts, house: number, roomId: string, draftId: string): Promise<void> {
    this.leave();
    this.house = house;
    const person = new Person(drafts, this.name, { doc: this.doc, roomId, draftId });
    this.person = person;
    await until(`${this.name} has got the draft or was sent away`, () => person.synced || person.closed !== null);
    this.notice();
  }

  leave(): void {
    this.notice();
    this.person?.drop();
    this.person = null;
  }

  /** Takes note of what was acknowledged, and gives up a copy that was refused. */
  notice(): void {
    const { person } = this;
    if (person === null) return;
    const safe = Math.max(person.saved.frames, person.standings.at(-1)?.acceptedFrames ?? 0);
    const whole = person.stepTwoFrames.filter((frame) => frame <= safe);
    for (const op of this.pending) op.acked ||= op.sentOn === person ? op.frame <= safe : whole.length > 0;
    this.pending = this.pending.filter(({ acked }) => !acked);
    if (person.closed === null) return;
    this.person = null;
    if (person.closed.code < 4400 || person.closed.code >= 4500) return;
    this.doc = new Y.Doc();
    this.pending = [];
  }

  /** Puts a character in somewhere, or takes one out. Null where there is no text yet, or nothing in it. */
  edit(kind: 'insert' | 'erase', at: number, token: string): DraftOp | null {
    this.notice();
    const text = this.#text();
    if (text === null) return null;
    if (kind === 'insert') text.insert(at % (text.length + 1), token);
    else {
      if (text.length === 0) return null;
      const index = at % text.length;
      token = text.toJSON()[index] ?? '';
      text.delete(index, 1);
    }
    const sentOn = this.person?.connected === true ? this.person : null;
    const op: DraftOp = { kind, token, by: this.name, acked: false, sentOn, frame: sentOn?.sentWrites ?? 0 };
    this.pending.push(op);
    return op;
  }

  get settled(): boolean {
    this.notice();
    return this.person === null || (this.person.allSaved && this.person.synced);
  }

  #text(): Y.XmlText | null {
    const fragment = this.doc.getXmlFragment(DRAFT_FIELD);
    return fragment.length === 0 ? null : ((fragment.get(0) as Y.XmlElement).get(0) as Y.XmlText);
  }
}
