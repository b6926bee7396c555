import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportLog, readTrustPolicy, verifyLog, verifyReceiptFile } from '@mnv/cli';
import type { RequestReceipt } from '@mnv/client';
import { tileDirectory } from '@mnv/transparency-log';
import { ensurePrivateDirectory, writePrivateFile } from '../files/private-file.ts';
import type { Endpoints } from '../system/endpoints.ts';
import { actingAs } from './acting-as.ts';
import { AUDITOR, TENANT } from './parts.ts';

export type Verification = {
  /** Released numbers whose entry a receipt proves. */
  receiptsVerified: number;
  log: { size: number; verified: boolean };
};

/**
 * Keeps the receipts and the tenant's log as files, then verifies both from the files and the trust policy
 * alone, by the code of `mynumber verify`.
 */
export async function verifyRun(
  endpoints: Endpoints,
  order: { receipts: readonly RequestReceipt[]; directory: string },
): Promise<Verification> {
  const files = keepReceipts(join(order.directory, 'receipts'), order.receipts);
  const logDirectory = ensurePrivateDirectory(join(order.directory, 'log'));
  await actingAs(endpoints, { person: AUDITOR, tenant: TENANT }, ({ readLog }) =>
    exportLog(readLog, logDirectory),
  );
  const policy = await readTrustPolicy(endpoints.logs.policy);
  const proven = files.flatMap((file) =>
    verifyReceiptFile(readFileSync(file), policy).entries.map(({ rec }) => rec),
  );
  const { fetch } = tileDirectory(logDirectory);
  const { size, ok } = await verifyLog({ fetch, policy });
  return { receiptsVerified: new Set(proven).size, log: { size, verified: ok } };
}

function keepReceipts(directory: string, receipts: readonly RequestReceipt[]): string[] {
  ensurePrivateDirectory(directory);
  return receipts.map((receipt) => {
    const file = join(directory, `${receipt.requestId}.json`);
    writePrivateFile(file, JSON.stringify(receipt));
    return file;
  });
}
