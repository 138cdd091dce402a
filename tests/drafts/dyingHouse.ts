import { Person, until } from './person.ts';
import { startInProcess } from '../integration/inProcess.ts';
import type { Store } from '#server/store/ports.ts';
import type { RecordKinds } from '#server/store/records.ts';

// A whole server that makes a room with a text and then does one act; at the given step to the store behind that act it kills itself with
// -9, before the step or after it. Prints where everything lies, and `survived` where the act came to its end first.
const [command = '{}', step = '0', when = 'before'] = process.argv.slice(2);
let left = Number.POSITIVE_INFINITY;

async function counted<T>(work: () => Promise<T>): Promise<T> {
  left -= 1;
  if (left === 0 && when === 'before') process.kill(process.pid, 'SIGKILL');
  const mine = left === 0;
  const result = await work();
  if (mine) process.kill(process.pid, 'SIGKILL');
  return result;
}

function dying(store: Store<RecordKinds>): Store<RecordKinds> {
  const { journal, records } = store;
  return {
    ...store,
    journal: { ...journal, append: (writes) => counted(() => journal.append(writes)) },
    records: {
      ...records,
      insert: (kind, record) => (kind === 'followed' ? counted(() => records.insert(kind, record)) : records.insert(kind, record)),
      replace: (kind, record) => (kind === 'followed' ? counted(() => records.replace(kind, record)) : records.replace(kind, record)),
    },
  };
}

const ana = { kind: 'participant', id: 'ana' } as const;
const settings = { visibility: 'public', whoComments: 'members', guests: true } as const;
const house = await startInProcess({ wrap: dying });
const { room } = await house.app.rooms.hold('r');
await room.submit(ana, 'make', { type: 'createRoom', creatorId: 'ana', title: 'T', question: '', background: '', settings });
const draftId = [...room.state.drafts.keys()][0] ?? '';
const writer = new Person(house.app.drafts, 'ana', { roomId: 'r', draftId });
await until('ana is in', () => writer.synced);
writer.type('the last words. ');
await until('they are saved', () => writer.allSaved);
writer.drop();
process.stdout.write(`${JSON.stringify({ folder: house.folder, key: house.key.toString('hex'), draftId })}\n`);
left = Number(step);
const given = JSON.parse(command.replaceAll('DRAFT', draftId)) as Parameters<typeof room.submit>[2];
const answer = await room.submit(ana, 'the-act', given);
process.stdout.write(`${JSON.stringify(answer)}\n`);
await house.app.consequences.idle();
process.stdout.write('survived\n', () => process.kill(process.pid, 'SIGKILL'));
