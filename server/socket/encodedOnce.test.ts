import { Decoder, Encoder, PacketType } from 'socket.io-parser';
import type { Packet } from 'socket.io-parser';
import { expect, test } from 'vitest';
import { EncodedOnce, encodeOnce } from './encodedOnce.ts';

function sent(encoder: Encoder, data: readonly unknown[]): unknown {
  const decoder = new Decoder();
  let read: Packet | null = null;
  decoder.on('decoded', (packet: Packet) => (read = packet));
  for (const part of encoder.encode({ type: PacketType.ACK, nsp: '/', id: 7, data: [...data] } as Packet)) decoder.add(part);
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
