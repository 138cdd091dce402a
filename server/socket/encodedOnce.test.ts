import type { Writable } from 'node:stream';
import { Decoder, Encoder, PacketType } from 'socket.io-parser';
import type { Packet } from 'socket.io-parser';
import { expect, test } from 'vitest';
import * as ws from 'ws';
import { EncodedOnce, encodeOnce, SharedPacket, writeShared } from './encodedOnce.ts';

// What reads frames is no part of the declared types.
const { Receiver } = ws as unknown as { Receiver: new (options: object) => Writable };

function sent(encoder: Encoder, data: readonly unknown[]): unknown {
  const decoder = new Decoder();
  let read: Packet | null = null;
  decoder.on('decoded', (packet: Packet) => (read = packet));
  for (const part of encoder.encode({ type: PacketType.ACK, nsp: '/', id: 7, data: [...data] } as Packet)) decoder.add(String(part));
  return (read as Packet | null)?.data;
}

test('[OP6] a value is spelt once, however many packets carry it, and reads as if it had been spelt each time', () => {
  const encoder = new Encoder();
  encodeOnce(encoder as never);
  let spelt = 0;
  const room = { title: '$& “$1” 公园\u2028', toJSON: () => ((spelt += 1), { title: '$& “$1” 公园\u2028', comments: [1, 2] }) };
  const once = new EncodedOnce(room);
  for (let joiner = 0; joiner < 50; joiner += 1) {
    expect(sent(encoder, [{ ok: true, joiner, snapshot: once }])).toEqual([
      { ok: true, joiner, snapshot: { title: '$& “$1” 公园\u2028', comments: [1, 2] } },
    ]);
  }
  expect(spelt).toBe(1);
});

test('[OP6] what looks like a place in a message of somebody else stays what it is', () => {
  const encoder = new Encoder();
  encodeOnce(encoder as never);
  const told = [{ text: '"00000000-0000-4000-8000-000000000000:1"', once: new EncodedOnce({ a: 1 }) }];
  expect(sent(encoder, told)).toEqual([{ text: '"00000000-0000-4000-8000-000000000000:1"', once: { a: 1 } }]);
  expect(sent(encoder, [{ plain: true }])).toEqual([{ plain: true }]);
});

test('[LRG3] a packet that ends with such a value is written with the bytes of the value itself, whatever its length', () => {
  const encoder = new Encoder();
  encodeOnce(encoder as never);
  for (const size of [1, 300, 70_000]) {
    const once = new EncodedOnce({ text: '公'.repeat(size) });
    const written: { data: unknown; frame: readonly Buffer[] | undefined }[] = [];
    const line = {
      write: (data: unknown, options?: object) =>
        void written.push({ data, frame: (options as { wsPreEncodedFrame?: Buffer[] } | undefined)?.wsPreEncodedFrame }),
    };
    writeShared(line);
    for (let joiner = 0; joiner < 3; joiner += 1) {
      const [packet] = encoder.encode({ type: PacketType.ACK, nsp: '/', id: joiner, data: [{ joiner, snapshot: once }] } as Packet);
      line.write(packet);
      const [own, shared] = written.at(-1)?.frame ?? [];
      expect(shared?.buffer).toBe(once.ended.buffer);
      expect(own?.byteLength).toBeLessThan(60);
      // As the receiver of a WebSocket of a server reads it.
      const receiver = new Receiver({ isServer: false, skipUTF8Validation: false });
      let read = '';
      receiver.on('message', (message: Buffer) => (read = message.toString()));
      receiver.write(Buffer.concat([own ?? Buffer.alloc(0), shared ?? Buffer.alloc(0)]));
      expect(read).toBe(`43${joiner}[{"joiner":${joiner},"snapshot":{"text":"${'公'.repeat(size)}"}}]`);
    }
    line.write('plain');
    expect(written.at(-1)).toEqual({ data: 'plain', frame: undefined });
  }
  const [not] = encoder.encode({ type: PacketType.EVENT, nsp: '/', data: ['x', new EncodedOnce(1), 2] } as Packet) as unknown[];
  expect(not).not.toBeInstanceOf(SharedPacket);
  expect(not).toBe('2["x",1,2]');
});
