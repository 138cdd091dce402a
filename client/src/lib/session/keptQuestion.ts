import type { Api } from '../api/client.ts';
import type { Result } from '../api/refusal.ts';

const typedKey = 'question';
const wantedKey = 'question.open';

/*
 * The question of the first screen, kept in this tab while one signs in or the page is loaded again. It is *wanted* once the
 * button was pressed: then the room opens as soon as somebody is signed in.
 */

export function keepQuestion(question: string): void {
  write(typedKey, question);
}

export function keptQuestion(): string {
  return read(typedKey);
}

/** Marks the kept question as one to open a room with after signing in. */
export function wantRoom(question: string): void {
  write(typedKey, question);
  write(wantedKey, 'yes');
}

/** Who comes back to the first screen without signing in has changed his mind; the words stay. */
export function forgetWish(): void {
  write(wantedKey, '');
}

/** The question to open a room with, or an empty text. */
export function wantedQuestion(): string {
  return read(wantedKey) === 'yes' ? read(typedKey) : '';
}

/** Opens a room with a question and forgets the kept one if that worked. */
export async function openRoom(api: Api, question: string): Promise<Result<{ id: string }>> {
  const made = await api.post<{ id: string }>('/api/rooms', { title: question });
  if (made.ok) {
    write(typedKey, '');
    forgetWish();
  }
  return made;
}

// A browser that keeps nothing for this page throws; the question is then lost on a reload, and nothing else.
function read(key: string): string {
  try {
    return sessionStorage.getItem(key) ?? '';
  } catch {
    return '';
  }
}

function write(key: string, value: string): void {
  try {
    if (value === '') sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, value);
  } catch {
    // See above.
  }
}
