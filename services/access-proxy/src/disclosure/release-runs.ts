import type { ReleasedRecord, ReleasedRequest } from '@mnv/protocol';
import type { ReleaseRequest, Run } from './build-ticket.ts';

/** Small enough that the proxy prepares the next call while the vault opens this one. */
const MAX_RUN_ENTRIES = 32;

export type Release<Released = ReleasedRecord> = (
  request: ReleaseRequest,
) => Promise<ReleasedRequest<Released>>;

type Pending<Released> = {
  request: ReleaseRequest;
  resolve(answer: ReleasedRequest<Released>): void;
  reject(error: unknown): void;
};

/**
 * Gathers the requests whose entries became durable in one batch into runs, so that one call to the vault
 * shares checkpoint, consistency and range proof. Requests of one batch are resolved in the same turn of the
 * event loop; the turn's end sends them.
 */
export function makeReleaseRuns<Released = ReleasedRecord>(
  send: (run: Run) => Promise<ReleasedRequest<Released>[]>,
): Release<Released> {
  let pending: Pending<Released>[] = [];
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

  async function settle(run: Pending<Released>[]): Promise<void> {
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

type OpenRun<Released> = {
  pending: Pending<Released>[];
  rids: Set<string>;
  end: number;
  length: number;
};

/**
 * Splits the requests of one batch where their entries are not consecutive or a run would be too long, and
 * where a request id comes again: the vault refuses a call that names one twice, whole.
 */
function runsOf<Released>(group: Pending<Released>[]): Pending<Released>[][] {
  const ordered = group.toSorted((a, b) => a.request.appended.first - b.request.appended.first);
  const runs: OpenRun<Released>[] = [];
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
