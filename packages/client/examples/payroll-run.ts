import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BatchStoppedError, newIdempotencyKey } from '@mnv/client';
import type { RequestReceipt } from '@mnv/client';
import { connect } from './connect.ts';
import { madeUpRecord } from './made-up-record.ts';

// A payroll run for many people: node payroll-run.ts .data/endpoints.json receipts/ 1200
const [endpointsFile = '.data/endpoints.json', receipts = 'receipts', people = '1200'] =
  process.argv.slice(2);
const vault = connect(endpointsFile, {
  person: 'operator-1',
  clientId: 'payroll',
  tenant: 't-001',
});

const run = randomUUID();
const recordIds: string[] = [];
// Sent in chunks as the records come. Keep the key: the same records under it are never stored twice.
const idempotencyKey = newIdempotencyKey();
for await (const stored of vault.storeRecords(company(Number(people)), { idempotencyKey })) {
  if ('recordId' in stored) recordIds.push(stored.recordId);
  else process.stderr.write(`line ${stored.line}: ${stored.problem.title}\n`);
}

let disclosed = 0;
let open = 0;
await mkdir(receipts, { recursive: true });
try {
  for await (const answer of vault.discloseAll(recordIds, {
    purpose: 'TAX-WITHHOLD',
    caseId: 'PAYROLL-2026-12',
    onReceipt: keep,
  })) {
    if ('individualNumber' in answer) disclosed += 1;
    // Status 0: the answer was lost and the number may be out. To ask again is yours to decide.
    else open += 1;
  }
} catch (error) {
  if (!(error instanceof BatchStoppedError)) throw error;
  process.stderr.write(`${error.message} Go on at record ${error.resumeAt}.\n`);
}

await vault.close();
process.stdout.write(`${JSON.stringify({ stored: recordIds.length, disclosed, open })}\n`);

function* company(size: number) {
  for (let at = 1; at <= size; at += 1) yield madeUpRecord(`${run}-${at}`);
}

/** A receipt is the evidence of the use: `mynumber verify receipt FILE` checks it for years to come. */
async function keep({ requestId, receipt }: RequestReceipt): Promise<void> {
  await writeFile(join(receipts, `${requestId}.json`), JSON.stringify({ requestId, receipt }));
}
