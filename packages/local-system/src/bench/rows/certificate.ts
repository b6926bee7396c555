import type { Endpoints } from '../../system/endpoints.ts';
import { actingAs } from '../../demo/acting-as.ts';
import { carryOutDisposal, certificateOf } from '../../demo/carry-out-disposal.ts';
import { OPERATOR, TENANT } from '../../demo/parts.ts';
import type { BenchOrder } from '../bench-order.ts';
import type { CertificateAnswer, CertificateJob } from '../certificate/certificate-job.ts';
import { benchRecord } from '../load/bench-record.ts';
import type { BenchRow } from '../measurement.ts';
import { atMost } from '../measurement.ts';
import { takeTurns } from '../rounds.ts';
import { type Worker, startWorker } from '../worker.ts';

const LOAD = new URL('../certificate/certificate-load.ts', import.meta.url).pathname;
const SIGNATURE = 'the signature of its JWS alone';
const DISPOSAL = { caseId: 'BENCH-2026-12', reason: '速度の測定。' };
/** Seconds are promised of the certificate of an ordinary batch. */
const ORDINARY = 20;
const BOUND_MS = 100;
const SHARE_OF_TURN = 4;
const FEW = 5;

type Verifier = Worker<CertificateJob, CertificateAnswer>;

/** Certificates a second, verified offline: of a batch that people disposed of in the running system. */
export async function benchCertificate(order: BenchOrder): Promise<BenchRow[]> {
  const { endpoints } = (await order.world()).system;
  const worker: Verifier = startWorker(LOAD, []);
  try {
    const rows: BenchRow[] = [];
    for (const records of order.sizes.certified) {
      order.say(`certificate: a batch of ${records} records`);
      const jws = await certifiedBatch(endpoints, records);
      await worker.ask({ kind: 'take', jws, policyFile: endpoints.logs.policy });
      rows.push(await measure(worker, order, records));
    }
    return rows;
  } finally {
    await worker.stop();
  }
}

async function measure(
  worker: Verifier,
  { sizes: { rounds, seconds } }: BenchOrder,
  n: number,
): Promise<BenchRow> {
  const contestant = async (name: string, kind: 'verify' | 'signature') => {
    const first = await worker.ask({ kind, items: FEW });
    const wanted = Math.ceil((first.items / first.seconds) * (seconds / SHARE_OF_TURN));
    return { name, run: () => worker.ask({ kind, items: Math.max(FEW, wanted) }) };
  };
  const outcome = await takeTurns(
    [await contestant('system', 'verify'), await contestant(SIGNATURE, 'signature')],
    rounds,
  );
  const p50 = outcome.latencyMs?.p50 ?? Number.NaN;
  const targets = n === ORDINARY ? [atMost('p50 ms', p50, BOUND_MS)] : [];
  return { bench: 'certificate', metric: `verify-${n}`, n, unit: '1/s', ...outcome, targets };
}

/** Stores so many records, has people dispose of them, and waits for the certificate. */
async function certifiedBatch(endpoints: Endpoints, count: number): Promise<string> {
  const drafts = Array.from({ length: count }, (_, at) => benchRecord(`certified-${count}-${at}`));
  const records = await actingAs(
    endpoints,
    { person: OPERATOR, tenant: TENANT },
    async ({ storeRecords }) => {
      const stored: { recordId: string; individualRef: string }[] = [];
      for await (const line of storeRecords(drafts)) {
        const draft = drafts[line.line - 1];
        if (!('recordId' in line) || !draft) throw new Error('a record was not stored');
        stored.push({ recordId: line.recordId, individualRef: draft.individualRef });
      }
      return stored;
    },
  );
  return certificateOf(endpoints, await carryOutDisposal(endpoints, { records, ...DISPOSAL }));
}
