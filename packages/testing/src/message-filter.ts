import type { Socket } from 'node:net';

const HEADER_BYTES = 5;

/** Decides message by message what of PostgreSQL's answers passes. */
export interface MessageFilter {
  pass(connection: Socket, chunk: Buffer): Buffer;
}

/**
 * Swallows the n-th server message (from 1, over all connections, of one type if given) and passes the rest.
 * Type letters are those of the protocol: 'C' command complete, 'Z' ready for query, 'D' data row. Messages
 * are a type byte and a length, so it works on connections without TLS only, and from their start.
 */
export function swallowMessage(n: number, type?: string): MessageFilter {
  const pending = new WeakMap<Socket, Buffer>();
  let seen = 0;
  return {
    pass: (connection, chunk) => {
      let rest = Buffer.concat([pending.get(connection) ?? Buffer.alloc(0), chunk]);
      const passed: Buffer[] = [];
      for (let size = messageSize(rest); size !== undefined; size = messageSize(rest)) {
        const message = rest.subarray(0, size);
        rest = rest.subarray(size);
        const counts = type === undefined || String.fromCharCode(message[0] ?? 0) === type;
        if (counts) seen += 1;
        if (!counts || seen !== n) passed.push(message);
      }
      pending.set(connection, rest);
      return Buffer.concat(passed);
    },
  };
}

/** The size of the first whole message, or undefined while it is incomplete. */
function messageSize(bytes: Buffer): number | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  const size = 1 + bytes.readUInt32BE(1);
  return size <= bytes.length ? size : undefined;
}
