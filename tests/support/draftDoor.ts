import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { WebSocket as Peer } from 'ws';
import { WebSocketServer } from 'ws';
import * as sync from 'y-protocols/sync';
import * as Y from 'yjs';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { contentHash } from '#shared/document/text.ts';
import { closeCodes } from '#shared/protocol/close.ts';
import { frameTypes } from '#shared/protocol/frames.ts';
import type { Standing } from '#shared/protocol/frames.ts';

/** A door that does as it is told: the server's own rules are tested where they are. */
export class Door {
  readonly doc = new Y.Doc();
  readonly urls: URL[] = [];
  readonly presence: Uint8Array[] = [];
  readonly reports: [ordinal: number, hash: string][] = [];
  readonly peers = new Set<Peer>();
  readonly #server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  lineage = 'L1';
  write = true;
  answers = true;
  /** What to do with a write frame instead of taking it in. */
  instead: ((peer: Peer) => void) | null = null;
  /** Done when a write frame has come in and before it is taken and answered. */
  before: (() => void) | null = null;
  /** Code with which whoever comes is sent away. */
  closed: number | null = null;

  constructor() {
    this.#server.on('connection', (peer, request) => {
      const url = new URL(request.url ?? '', 'http://door');
      this.urls.push(url);
      if (this.closed !== null) peer.close(this.closed);
      else if ((url.searchParams.get('lineage') ?? this.lineage) !== this.lineage) peer.close(closeCodes.lineage);
      else this.#welcome(peer);
    });
  }

  async listening(): Promise<string> {
    if (this.#server.address() === null) await once(this.#server, 'listening');
    return `ws://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}/yjs`;
  }

  stand(peer: Peer, standing: Partial<Standing> = {}): void {
    const text = JSON.stringify({
      lineage: this.lineage,
      write: this.write,
      why: this.write ? null : 'draftLocked',
      authors: {},
      ...standing,
    });
    peer.send(frame(frameTypes.standing, (encoder) => encoding.writeVarString(encoder, text)));
  }

  /** Tells everybody what the draft's content is, or another hash. */
  check(ordinal: number, hash = contentHash(this.doc.getXmlFragment(DRAFT_FIELD))): void {
    for (const peer of this.peers) {
      peer.send(
        frame(frameTypes.content, (encoder) => {
          encoding.writeVarUint(encoder, ordinal);
          encoding.writeVarUint8Array(encoder, hexToBytes(hash));
        }),
      );
    }
  }

  words(): string {
    return this.doc
      .getXmlFragment(DRAFT_FIELD)
      .toString()
      .replaceAll(/<[^>]*>/g, '');
  }

  end(): void {
    for (const peer of this.peers) peer.terminate();
    this.#server.close();
  }

  #welcome(peer: Peer): void {
    this.peers.add(peer);
    let frames = 0;
    let saved = 0;
    peer.on('close', () => this.peers.delete(peer));
    peer.on('message', (data) => {
      const decoder = decoding.createDecoder(new Uint8Array(data as Buffer));
      const kind = decoding.readVarUint(decoder);
      if (kind === frameTypes.awareness) {
        this.presence.push(decoding.readVarUint8Array(decoder));
        return;
      }
      if (kind === frameTypes.diverged) {
        this.reports.push([decoding.readVarUint(decoder), bytesToHex(decoding.readVarUint8Array(decoder))]);
        peer.close(closeCodes.diverged);
        return;
      }
      const step = decoding.readVarUint(decoder);
      const bytes = decoding.readVarUint8Array(decoder);
      if (step === 0) {
        peer.send(
          frame(frameTypes.sync, (encoder) => {
            encoding.writeVarUint(encoder, 1);
            encoding.writeVarUint8Array(encoder, Y.encodeStateAsUpdate(this.doc, bytes));
          }),
        );
        return;
      }
      frames += 1;
      if (this.instead !== null) {
        this.instead(peer);
        return;
      }
      this.before?.();
      Y.applyUpdate(this.doc, bytes);
      saved = frames;
      if (!this.answers) return;
      peer.send(
        frame(frameTypes.saved, (encoder) => {
          encoding.writeVarUint(encoder, saved);
          encoding.writeVarUint(encoder, saved);
        }),
      );
    });
    this.stand(peer);
    if (this.write) peer.send(frame(frameTypes.sync, (encoder) => sync.writeSyncStep1(encoder, this.doc)));
  }
}

/** A frame of a type and what is written behind it. */
export function frame(type: number, write: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, type);
  write(encoder);
  return encoding.toUint8Array(encoder);
}
