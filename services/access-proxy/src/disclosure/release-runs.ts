import type { ReleasedRequest } from '@mnv/protocol';
import type { ReleaseRequest, Run } from './build-ticket.ts';

/** Small enough that the proxy prepares the next call while the vault opens this one. */
const MAX_RUN_ENTRIES = 16;

export type ReleaseNumbers = (request: ReleaseRequest) => Promise<ReleasedRequest>;

type Pending = {
  request: ReleaseRequest;
  resolve(answer: ReleasedRequest): void;
  reject(error: unknown): void;
};

/**
 * Gathers the requests whose entries became durable in one batch into runs, so that one call to the vault
 * shares checkpoint, consistency and range proof. Requests of one batch are resolved in the same turn of the
 * event loop; the turn's end sends them.
 */
export function makeReleaseRuns(send: (run: Run) => Promise<ReleasedRequest[]>): ReleaseNumbers {
  let pending: Pending[] = [];
  return (request) =>
    new Promise((resolve, reject) => {
      if (pending.length === 0) setImmediate(sendAll);
      pending.push({ request, resolve, reject });
    });

  function sendAll(): void {
    const byBatch = Map.groupBy(pending, (one) => one.request.appended.batch);
    pending = [];
    for (const group of byBatch.values()) for (const run of runsOf(group)) void settle(run);
  }

  async function settle(run: Pending[]): Promise<void> {
    const requests = run.map((one) => one.request);
    const [head] = requests;
    if (!head) return;
    try {
      const answers = await send({
        batch: head.appended.batch,
        first: head.appended.first,
        requests,
      });
      run.forEach((one, at) => {
        const answer = answers[at];
        if (answer) one.resolve(answer);
        else one.reject(new Error('the vault answered fewer requests than it was asked'));
      });
    } catch (error) {
      for (const one of run) one.reject(error);
    }
  }
}

type OpenRun = { pending: Pending[]; rids: Set<string>; end: number; length: number };

/**
 * Splits the requests of one batch where their entries are not consecutive or a run would be too long, and
 * where a request id comes again: the vault refuses a call that names one twice, whole.
 */
function runsOf(group: Pending[]): Pending[][] {
  const ordered = group.toSorted((a, b) => a.request.appended.first - b.request.appended.first);
  const runs: OpenRun[] = [];
  for (const one of ordered) {
    const { rid, appended } = one.request;
    const { length } = appended.entries;
    const run = runs.at(-1);
    const joins =
      run?.end === appended.first && run.length + length <= MAX_RUN_ENTRIES && !run.rids.has(rid);
    const open = joins ? run : { pending: [], rids: new Set<string>(), end: 0, length: 0 };
    if (open !== run) runs.push(open);
    open.pending.push(one);
    open.rids.add(rid);
    open.length += length;
    open.end = appended.first + length;
  }
  return runs.map((run) => run.pending);
}
