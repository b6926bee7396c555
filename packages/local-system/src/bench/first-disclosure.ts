import { makeIndividualNumber } from '@mnv/testing';
import { clientFor } from '../system/client-for.ts';
import { startTemporarySystem } from '../system/temporary-system.ts';
import { CASE_ID, PURPOSE, TENANT } from './load/load-job.ts';

// A program of its own: from nothing to the first number released, as a newcomer meets it. Says `disclosed`
// on its channel at that moment, and then stops what it started.
const system = await startTemporarySystem({
  say: (line) => void process.stderr.write(`${line}\n`),
  signal: AbortSignal.timeout(60_000),
});
const client = clientFor(system.endpoints, {
  person: 'operator-1',
  clientId: 'payroll',
  tenant: TENANT,
});
try {
  const { recordId } = await client.storeRecord({
    individualRef: 'first',
    subject: 'E',
    individualNumber: makeIndividualNumber(),
    purposes: [PURPOSE],
    verification: {
      numberCheck: 'N1',
      identityCheck: 'I1',
      channel: 'face-to-face',
      verifiedBy: 'operator-1',
      verifiedOn: '2026-04-01',
    },
    noticeVersion: 'notice-2026-04',
  });
  await client.disclose({ recordId, purpose: PURPOSE, caseId: CASE_ID });
  process.send?.('disclosed');
} finally {
  await client.close();
  await system.stop();
}
process.disconnect();
