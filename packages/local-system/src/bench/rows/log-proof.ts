import type { BenchOrder } from '../bench-order.ts';
import type { ProofAnswer, ProofJob } from '../log/proof-job.ts';
import type { BenchRow } from '../measurement.ts';
import { atMost } from '../measurement.ts';
import { takeTurns } from '../rounds.ts';
import { type Worker, startWorker } from '../worker.ts';

const LOAD = new URL('../log/proof-load.ts', import.meta.url).pathname;
const ROW = 'one row of the same table, by its key';
/** One answer takes a millisecond: a turn need not last as long as under load. */
const SHARE_OF_TURN = 4;
const FEW = 100;

type Prover = Worker<ProofJob, ProofAnswer>;

/** Makes the log in the database, and measures inclusion proofs of its entries from the stored tiles. */
export async function benchProof(
  order: BenchOrder,
  { logId, size }: { logId: string; size: number },
): Promise<BenchRow> {
  const { accessDsn, passwordFile } = (await order.world()).databases;
  const worker: Prover = startWorker(LOAD, [accessDsn], { PGPASSFILE: passwordFile });
  try {
    order.say(`log proof, filling ${size.toLocaleString('en')} entries`);
    await worker.ask({ kind: 'fill', logId, size });
    const contestant = async (name: string, kind: 'prove' | 'read-row') => {
      const { items, seconds } = await worker.ask({ kind, logId, items: FEW });
      const wanted = Math.ceil((items / seconds) * (order.sizes.seconds / SHARE_OF_TURN));
      return { name, run: () => worker.ask({ kind, logId, items: Math.max(FEW, wanted) }) };
    };
    const outcome = await takeTurns(
      [await contestant('system', 'prove'), await contestant(ROW, 'read-row')],
      order.sizes.rounds,
    );
    const targets = [atMost('p50 ms', outcome.latencyMs?.p50 ?? Number.NaN, 2)];
    return { bench: 'log', metric: 'proof', n: size, unit: '1/s', ...outcome, targets };
  } finally {
    await worker.stop();
  }
}
