import type { RoomClient } from '../../support/people.ts';
import { administrator, invited, until, Visitor } from '../../support/people.ts';
import { DraftSocketClient } from '../../integration/draftSocket.ts';
import { GuardedServer, openPaces } from './guarded.ts';

/** Who stands at the doors of the two rooms. Nobody but the editor may write in a draft; the observer may write nowhere at all. */
export const roles = ['anonymous', 'observer', 'commenter', 'editor'] as const;
export type Role = (typeof roles)[number];

/** A server with a public room that strangers may read, an administrator who moderates it, and one person of each role. */
export interface Hall {
  readonly guarded: GuardedServer;
  readonly ana: Visitor;
  readonly chair: RoomClient;
  /** The room and draft of a role: the commenter is an observer of a room in which observers comment. */
  roomOf(role: Role): { readonly roomId: string; readonly draftId: string };
  cookieOf(role: Role): Readonly<Record<string, string>>;
  idOf(role: Role): string;
  draftAs(role: Role): DraftSocketClient;
  dispose(): Promise<void>;
}

export async function openHall(limits: Readonly<Record<string, number>> = openPaces): Promise<Hall> {
  const guarded = await GuardedServer.start(limits);
  const ana = await administrator(guarded.url, guarded.process.setupSecret);
  const make = async (whoComments: string): Promise<{ roomId: string; draftId: string; chair: RoomClient }> => {
    const { id } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Doors', visibility: 'public', whoComments });
    const chair = await ana.join(id);
    return { roomId: id, draftId: chair.joined?.snapshot?.drafts[0]?.id ?? '', chair };
  };
  const [still, talking] = [await make('members'), await make('participants')];
  const roomOf = (role: Role): typeof still => (role === 'commenter' ? talking : still);
  const visitors = new Map<Role, Visitor>([['anonymous', new Visitor(guarded.url)]]);
  const ids = new Map<Role, string>([['anonymous', 'anonymous']]);
  for (const role of roles.slice(1)) {
    const { roomId } = roomOf(role);
    const visitor = await invited(ana, roomId, role === 'editor' ? 'member' : 'observer', role);
    const client = await visitor.join(roomId);
    ids.set(role, client.joined?.you.participantId ?? '');
    client.close();
    visitors.set(role, visitor);
  }
  talking.chair.close();
  const cookieOf = (role: Role): Readonly<Record<string, string>> => {
    const cookie = visitors.get(role)?.cookie ?? null;
    return cookie === null ? {} : { cookie };
  };
  return {
    guarded,
    ana,
    chair: still.chair,
    roomOf,
    cookieOf,
    idOf: (role) => ids.get(role) ?? '',
    draftAs: (role) => {
      const { roomId, draftId } = roomOf(role);
      return new DraftSocketClient(guarded.url, cookieOf(role), `${roomId}/${draftId}`);
    },
    dispose: async () => {
      still.chair.close();
      await guarded.dispose();
    },
  };
}

/** Somebody who writes in the same draft while others are at the doors, and takes the time until each word is acknowledged. */
export class Bystander {
  readonly client: DraftSocketClient;
  readonly waitedMs: number[] = [];
  #stop = false;
  #working: Promise<void> = Promise.resolve();

  private constructor(client: DraftSocketClient) {
    this.client = client;
  }

  static async at(hall: Hall): Promise<Bystander> {
    const { roomId, draftId } = hall.roomOf('editor');
    const client = new DraftSocketClient(hall.guarded.url, { cookie: hall.ana.cookie ?? '' }, `${roomId}/${draftId}`);
    await (await client.settled()).synced();
    return new Bystander(client);
  }

  /** One word, until it is acknowledged. */
  async word(): Promise<void> {
    const { client } = this;
    const before = client.saved;
    const startedAt = performance.now();
    client.sendUpdate(client.typed(`word ${String(before)}`));
    await until(() => client.saved > before || client.closed !== null, 'a word of a bystander', 60_000);
    if (client.closed !== null) throw new Error(`the bystander was closed with ${String(client.closed)}`);
    this.waitedMs.push(performance.now() - startedAt);
  }

  /** Goes on writing, word after word, `everyMs` apart. */
  begin(everyMs: number): void {
    this.#stop = false;
    this.#working = (async () => {
      while (!this.#stop) {
        await this.word();
        await new Promise((resolve) => setTimeout(resolve, everyMs));
      }
    })();
    // Whoever ends the bystander hears of it.
    this.#working.catch(() => undefined);
  }

  /** Stops; throws where a word was not taken. */
  async end(): Promise<void> {
    this.#stop = true;
    await this.#working;
  }
}

/** The value below which `part` of the numbers lie. */
export function quantile(numbers: readonly number[], part: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
