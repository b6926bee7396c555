import type { Timed } from '../measurement.ts';
import type { LoadTarget } from './load-job.ts';
import { CHUNK_RECORDS, TENANT } from './load-job.ts';
import type { Requester } from './requester.ts';
import { streamLines } from './stream-lines.ts';
import { timed } from './timed.ts';

const PATH = `/v1/tenants/${TENANT}/disclosures/batch`;

/** One stream of signed chunks, as a payroll run sends them; the service works on a few at a time. */
export async function discloseInBatches(
  requester: Requester,
  recordIds: readonly string[],
  { target, items }: { target: LoadTarget; items: number },
): Promise<Timed> {
  const headers = { authorization: `Bearer ${await requester.token()}` };
  const wanted = Array.from({ length: items }, (_, at) => recordIds[at % recordIds.length] ?? '');
  const parts = chunked(wanted).map(
    (ids) => `${JSON.stringify({ request: requester.sign(ids), recordIds: ids })}\n`,
  );
  const connection = requester.connect(target.origin);
  let disclosed = 0;
  try {
    const result = await timed(items, async () => {
      disclosed = await streamLines(connection, {
        path: PATH,
        headers,
        parts,
        mark: '"individualNumber":"',
      });
    });
    if (disclosed !== items) throw new Error(`${disclosed} of ${items} were disclosed`);
    return result;
  } finally {
    await connection.destroy();
  }
}

function chunked(recordIds: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(recordIds.length / CHUNK_RECORDS) }, (_, at) =>
    recordIds.slice(at * CHUNK_RECORDS, (at + 1) * CHUNK_RECORDS),
  );
}
