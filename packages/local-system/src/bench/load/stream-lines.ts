import { Readable } from 'node:stream';
import type { Client } from 'undici';

export type LineStream = {
  path: string;
  headers: Record<string, string>;
  /** Parts of the body, each whole lines. */
  parts: readonly string[];
  /** Stands in every line of an answer that succeeded. */
  mark: string;
};

/** Sends an NDJSON body and counts the lines of success in the answer. Keeps nothing of it. */
export async function streamLines(
  connection: Client,
  { path, headers, parts, mark }: LineStream,
): Promise<number> {
  const answer = await connection.request({
    method: 'POST',
    path,
    headers: { ...headers, 'content-type': 'application/x-ndjson' },
    body: Readable.from(parts, { objectMode: false }),
  });
  let found = 0;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    found += countOf(bytes, mark);
    rest = tailOf(bytes, mark);
  }
  if (answer.statusCode !== 200) throw new Error(`a batch was answered with ${answer.statusCode}`);
  return found;
}

function countOf(bytes: Buffer, mark: string): number {
  let count = 0;
  for (let at = bytes.indexOf(mark); at !== -1; at = bytes.indexOf(mark, at + mark.length)) {
    count += 1;
  }
  return count;
}

/** What may be the beginning of a mark that the next chunk ends; never a whole one, which was counted. */
function tailOf(bytes: Buffer, mark: string): Buffer {
  return bytes.subarray(Math.max(0, bytes.length - mark.length + 1));
}
