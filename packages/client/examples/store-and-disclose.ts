import { randomUUID } from 'node:crypto';
import { ProblemError } from '@mnv/client';
import { connect } from './connect.ts';
import { madeUpRecord } from './made-up-record.ts';

// One number in and out: node store-and-disclose.ts .data/endpoints.json
const [endpointsFile = '.data/endpoints.json'] = process.argv.slice(2);
const vault = connect(endpointsFile, {
  person: 'operator-1',
  clientId: 'payroll',
  tenant: 't-001',
});

const { recordId } = await vault.storeRecord(madeUpRecord(`example-${randomUUID()}`));

const { individualNumber, receipt } = await vault.disclose({
  recordId,
  purpose: 'TAX-WITHHOLD',
  caseId: 'PAYROLL-2026-12',
});
// The digits come out at one place only: where they go onto the form.
fillForm(individualNumber.reveal());

// A refusal is a ProblemError with a code to decide by.
const refused = await vault
  .disclose({ recordId, purpose: 'MARKETING', caseId: 'PAYROLL-2026-12' })
  .catch((error: unknown) => {
    if (error instanceof ProblemError) return error.code;
    throw error;
  });

await vault.close();
const shown = String(individualNumber);
process.stdout.write(`${JSON.stringify({ recordId, shown, entries: receipt.n, refused })}\n`);

function fillForm(digits: string): void {
  if (digits.length !== 12) throw new Error('not a number');
}
