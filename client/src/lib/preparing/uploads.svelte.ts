import { defaultLimits } from '#shared/domain/limits.ts';
import type { Refusal } from '../api/refusal.ts';

/** A file on its way into the room, or one that did not arrive: it stays until the person sends it again or lets it go. */
export interface Upload {
  readonly id: number;
  readonly file: File;
  /** 0 to 1. */
  readonly sent: number;
  readonly refusal: Refusal | null;
}

/** How a file is sent; a browser's request in life, something that can be steered in tests. */
export type Send = (file: File, onSent: (part: number) => void) => Promise<Refusal | null>;

/** So many travel at once; the others wait for their turn. */
const atOnce = 2;

/** The files that somebody is putting into a room. */
export class Uploads {
  #list = $state.raw<readonly Upload[]>([]);
  #nextId = 1;
  #travelling: readonly number[] = [];
  readonly #send: Send;
  readonly #onArrived: (file: File) => void;

  constructor(send: Send, onArrived: (file: File) => void) {
    this.#send = send;
    this.#onArrived = onArrived;
  }

  get list(): readonly Upload[] {
    return this.#list;
  }

  add(files: Iterable<File>): void {
    for (const file of files) {
      this.#list = [...this.#list, { id: this.#nextId, file, sent: 0, refusal: null }];
      this.#nextId += 1;
    }
    this.#go();
  }

  retry(id: number): void {
    this.#change(id, { refusal: null, sent: 0 });
    this.#go();
  }

  /** Lets go of one that was refused. */
  forget(id: number): void {
    if (!this.#travelling.includes(id)) this.#list = this.#list.filter((upload) => upload.id !== id);
  }

  #go(): void {
    for (const upload of this.#list) {
      if (this.#travelling.length >= atOnce) return;
      if (upload.refusal === null && !this.#travelling.includes(upload.id)) void this.#travel(upload);
    }
  }

  async #travel({ id, file }: Upload): Promise<void> {
    this.#travelling = [...this.#travelling, id];
    const refusal = await this.#send(file, (sent) => this.#change(id, { sent }));
    this.#travelling = this.#travelling.filter((one) => one !== id);
    if (refusal === null) {
      this.#list = this.#list.filter((upload) => upload.id !== id);
      this.#onArrived(file);
    } else this.#change(id, { refusal });
    this.#go();
  }

  #change(id: number, change: Partial<Upload>): void {
    this.#list = this.#list.map((upload) => (upload.id === id ? { ...upload, ...change } : upload));
  }
}

/** Sends a file into a room over HTTP, with news of how far it is. */
export function sendTo(roomId: string): Send {
  return (file, onSent) =>
    new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open('POST', `/api/rooms/${roomId}/files?name=${encodeURIComponent(file.name.toWellFormed())}`);
      request.setRequestHeader('content-type', 'application/octet-stream');
      request.responseType = 'json';
      request.upload.onprogress = ({ loaded, total }) => onSent(total > 0 ? loaded / total : 0);
      request.onload = () => {
        if (request.status === 201) resolve(null);
        else resolve((request.response as { rejection?: Refusal } | null)?.rejection ?? { code: 'broken', status: request.status });
      };
      // A server that hangs up on a file too large is not always heard first.
      request.onerror = () => {
        const { fileBytes } = defaultLimits;
        resolve(file.size > fileBytes ? { code: 'fileTooLarge', most: fileBytes, got: file.size } : { code: 'offline' });
      };
      request.send(file);
    });
}
