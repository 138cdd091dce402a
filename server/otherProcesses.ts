import type { Connections } from './access/connections.ts';
import type { Sessions } from './access/sessions.ts';
import type { Drafts } from './drafts/drafts.ts';
import type { Rooms } from './rooms/rooms.ts';
import type { Store } from './store/ports.ts';
import type { RecordKinds } from './store/records.ts';

const EVERY_MS = 1_000;

export interface OtherProcessesParts {
  readonly store: Pick<Store<RecordKinds>, 'writtenElsewhere'>;
  readonly rooms: Pick<Rooms, 'followOthers'>;
  readonly drafts: Pick<Drafts, 'followOthers'>;
  readonly sessions: Pick<Sessions, 'over'>;
  readonly connections: Pick<Connections, 'sessionIds' | 'endSessions'>;
  /** Whether the store is known to fail now: then it is not asked beside those who wait for it. */
  readonly storing: () => boolean;
  readonly onStoreFailed: (error: unknown) => void;
}

/**
 * Several processes may serve one store. What another one writes is found by looking, a second after the last look: into the rooms and
 * drafts that are open here, and after the sign-ins behind their connections. Rooms before drafts, since rights stand in rooms. Looking
 * is the only way news comes over; losing a look loses nothing. Gives what ends it.
 */
export function followOtherProcesses(parts: OtherProcessesParts): () => void {
  let ended = false;
  let timer: NodeJS.Timeout;
  /** A look that was not finished is owed, whatever the store says. */
  let owed = false;

  async function look(): Promise<void> {
    if (!parts.storing() || !((await parts.store.writtenElsewhere()) || owed)) return;
    owed = true;
    await parts.rooms.followOthers();
    await parts.drafts.followOthers();
    parts.connections.endSessions(await parts.sessions.over(parts.connections.sessionIds()));
    owed = false;
  }

  function lookLater(): void {
    timer = setTimeout(() => {
      void look()
        .catch(parts.onStoreFailed)
        .finally(() => {
          if (!ended) lookLater();
        });
    }, EVERY_MS);
    timer.unref();
  }

  lookLater();
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}
