import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import type { Client } from 'undici';
import type { Timed } from '../measurement.ts';
import { benchRecord } from './bench-record.ts';
import type { LoadTarget } from './load-job.ts';
import { TENANT } from './load-job.ts';
import type { Requester } from './requester.ts';
import { timed } from './timed.ts';

const PATH = `/v1/tenants/${TENANT}/records/batch`;
const LINES_A_PART = 250;
const STREAMS = 2;

/** Letters alone: a key with twelve digits in a row is refused. */
function newName(): string {
  return Array.from(randomBytes(16), (byte) => String.fromCodePoint(97 + (byte % 26))).join('');
}

/** Stores new records through two streams of NDJSON at a time and answers their ids, in the order sent. */
export async function importRecords(
  requester: Requester,
  { target, items }: { target: LoadTarget; items: number },
): Promise<{ timed: Timed; recordIds: string[] }> {
  const run = newName();
  const lines = Array.from(
    { length: items },
    (_, at) => `${JSON.stringify(benchRecord(`${run}-${at}`))}\n`,
  );
  const share = Math.ceil(items / STREAMS);
  const shares = Array.from({ length: STREAMS }, (_, at) =>
    lines.slice(at * share, (at + 1) * share),
  );
  const token = await requester.token();
  const connections = shares.map(() => requester.connect(target.origin));
  let recordIds: string[] = [];
  try {
    const result = await timed(items, async () => {
      const answered = await Promise.all(
        shares.map((one, at) => storeShare(connections[at] as Client, { token, lines: one })),
      );
      recordIds = answered.flat();
    });
    if (recordIds.length !== items) throw new Error(`${recordIds.length} of ${items} stored`);
    return { timed: result, recordIds };
  } finally {
    await Promise.all(connections.map((one) => one.destroy()));
  }
}

async function storeShare(
  connection: Client,
  { token, lines }: { token: string; lines: string[] },
): Promise<string[]> {
  const parts = Array.from({ length: Math.ceil(lines.length / LINES_A_PART) }, (_, at) =>
    lines.slice(at * LINES_A_PART, (at + 1) * LINES_A_PART).join(''),
  );
  const answer = await connection.request({
    method: 'POST',
    path: PATH,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/x-ndjson',
      'idempotency-key': newName(),
    },
    body: Readable.from(parts, { objectMode: false }),
  });
  const recordIds: string[] = [];
  for await (const line of createInterface({ input: answer.body })) {
    const { recordId } = JSON.parse(line) as { recordId?: string };
    if (recordId !== undefined) recordIds.push(recordId);
  }
  return recordIds;
}
