import type { Client, Dispatcher } from 'undici';
import type { Timed } from '../measurement.ts';
import { latencyOf } from '../statistics.ts';
import type { LoadTarget } from './load-job.ts';
import { TENANT } from './load-job.ts';
import type { Requester } from './requester.ts';
import { timed } from './timed.ts';

const PATH = `/v1/tenants/${TENANT}/disclosures`;
const ANSWER_MARK = '"individualNumber":"';
/** What is asked of a baseline carries a request as well, so that both are sent the same bytes. */
const REUSED_REQUESTS = 256;

export type SingleLoad = { target: LoadTarget; clients: number; items: number };
type Prepared = { body: string; headers: string[] };

/**
 * Each client has one connection and asks again as soon as it was answered. Requests are signed before the
 * time is taken: signing is the caller's work, on the caller's machine. Every answer must hold a number.
 */
export async function discloseSingly(
  requester: Requester,
  recordIds: readonly string[],
  { target, clients, items }: SingleLoad,
): Promise<Timed> {
  const prepared = await prepare(requester, recordIds, target.signed ? items : REUSED_REQUESTS);
  const connections = Array.from({ length: clients }, () => requester.connect(target.origin));
  const latencies = new Float64Array(items);
  let next = 0;
  const work = async (connection: Client) => {
    for (let at = next++; at < items; at = next++) {
      const start = performance.now();
      await askFor(connection, prepared[at % prepared.length] as Prepared);
      latencies[at] = performance.now() - start;
    }
  };
  try {
    await Promise.all(connections.map((one) => greet(one)));
    const result = await timed(items, async () => {
      await Promise.all(connections.map((one) => work(one)));
    });
    return { ...result, latency: latencyOf(latencies) };
  } finally {
    await Promise.all(connections.map((one) => one.destroy()));
  }
}

async function prepare(
  requester: Requester,
  recordIds: readonly string[],
  count: number,
): Promise<Prepared[]> {
  const token = await requester.token();
  const shared = ['content-type', 'application/json', 'authorization', `Bearer ${token}`];
  // A stride that shares no factor with most counts: neighbours in time are not neighbours in the table.
  return Array.from({ length: count }, (_, at) => {
    const recordId = recordIds[(at * 7919) % recordIds.length] ?? '';
    const headers = [...shared, 'mynumber-request', requester.sign([recordId])];
    return { body: JSON.stringify({ recordId }), headers };
  });
}

/** Opens the connection, so that no handshake is timed. */
async function greet(connection: Client): Promise<void> {
  const { body } = await connection.request({ method: 'GET', path: '/health/live' });
  await body.dump();
}

function askFor(connection: Client, { body, headers }: Prepared): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.dispatch(
      { method: 'POST', path: PATH, headers, body },
      requireNumber(resolve, reject),
    );
  });
}

/** The least undici can do for one answer: no stream, no copy. */
function requireNumber(
  resolve: () => void,
  reject: (error: Error) => void,
): Dispatcher.DispatchHandler {
  let status = 0;
  let answer: Buffer = Buffer.alloc(0);
  return {
    onRequestStart: () => undefined,
    onResponseStart: (_controller, statusCode) => {
      status = statusCode;
    },
    onResponseData: (_controller, chunk) => {
      answer = answer.length === 0 ? chunk : Buffer.concat([answer, chunk]);
    },
    onResponseEnd: () => {
      if (status === 200 && answer.includes(ANSWER_MARK)) resolve();
      else reject(new Error(`a disclosure was answered with ${status}: ${problemIn(answer)}`));
    },
    onResponseError: (_controller, error) => reject(error),
  };
}

/** The kind of problem an answer names; a problem quotes nothing of what was asked. */
function problemIn(answer: Buffer): string {
  return /"type":"([^"]*)"/.exec(answer.toString())?.[1] ?? 'no problem named';
}
