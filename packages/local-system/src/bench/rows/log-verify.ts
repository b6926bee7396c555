import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchOrder } from '../bench-order.ts';
import type { VerifyAnswer, VerifyJob } from '../log/verify-job.ts';
import type { BenchRow } from '../measurement.ts';
import { atLeast } from '../measurement.ts';
import { takeTurns } from '../rounds.ts';
import { startWorker } from '../worker.ts';

const LOAD = new URL('../log/verify-load.ts', import.meta.url).pathname;
const HASH_CHAIN = 'SHA-256 chain over the same entries';
const PARSE = 'JSON.parse of the same entries';

/** Entries a second of the verifier that `mynumber verify log` works with, from the files of an exported log. */
export async function benchVerify({ sizes, say }: BenchOrder): Promise<BenchRow> {
  const directory = mkdtempSync(join(tmpdir(), 'mnv-bench-log-'));
  const worker = startWorker<VerifyJob, VerifyAnswer>(LOAD, [directory]);
  const contestant = (name: string, kind: 'verify' | 'parse' | 'hash-chain') => ({
    name,
    run: () => worker.ask({ kind }),
  });
  try {
    say('log verify');
    const n = sizes.verifiedLog;
    await worker.ask({ kind: 'write', size: n });
    await worker.ask({ kind: 'verify' });
    const outcome = await takeTurns(
      [
        contestant('system', 'verify'),
        contestant(HASH_CHAIN, 'hash-chain'),
        contestant(PARSE, 'parse'),
      ],
      sizes.rounds,
    );
    const targets = [atLeast('rate', outcome.value, 100_000)];
    return { bench: 'log', metric: 'verify', n, unit: '1/s', ...outcome, targets };
  } finally {
    await worker.stop();
    rmSync(directory, { recursive: true });
  }
}
