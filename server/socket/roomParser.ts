import * as parser from 'socket.io-parser';

/**
 * Nothing that is sent to rooms has bytes in it. A message that announces some is refused at its head, before anything of it is kept
 * waiting for them.
 */
class Decoder extends parser.Decoder {
  constructor() {
    super({ maxAttachments: 0 });
  }
}

/** Socket.IO's own way of writing messages, without attachments; for its `parser` option. */
export const roomParser = { ...parser, Decoder };
