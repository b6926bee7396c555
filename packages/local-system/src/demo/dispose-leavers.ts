import { ProblemError } from '@mnv/client';
import type { Endpoints } from '../system/endpoints.ts';
import { actingAs } from './acting-as.ts';
import { carryOutDisposal, certificateOf, verifiedCertificate } from './carry-out-disposal.ts';
import type { RecordedPerson } from './find-records.ts';
import { APPROVERS, OPERATOR, REQUESTER, TENANT } from './parts.ts';

/** How many people leave in the run. */
export const LEAVERS = 20;
const REASON = '退職者。法定の保存期間を満了。';

export type DisposalRun = {
  /** Whose numbers no reader gets any more. */
  disposed: number;
  certificate: { stage: string; verified: boolean };
};

/**
 * People leave: one person asks for the disposal of their numbers, two others approve it, reads are refused from
 * the order on, and an outsider verifies the certificate with the trust policy alone.
 */
export async function disposeLeavers(
  endpoints: Endpoints,
  order: { people: readonly RecordedPerson[]; caseId: string; purposeOf: PurposeOf; say: Say },
): Promise<DisposalRun> {
  const { say, caseId } = order;
  const leavers = order.people.slice(0, LEAVERS);
  say(`${leavers.length} people leave: ${REQUESTER} asks, ${APPROVERS.join(' and ')} approve`);
  const records = leavers.map(({ recordId, individualRef }) => ({ recordId, individualRef }));
  const batch = await carryOutDisposal(endpoints, { records, caseId, reason: REASON });
  const disposed = await countGone(endpoints, { ...order, leavers });
  say(`${disposed} of them read 410 from now on; waiting for keys to be erased everywhere`);
  const jws = await certificateOf(endpoints, batch);
  return { disposed, certificate: await verifiedCertificate(endpoints, jws) };
}

type Say = (text: string) => void;
type PurposeOf = (person: RecordedPerson) => string;

/** Payroll asks for each of them once more, for the purpose it had before. */
function countGone(
  endpoints: Endpoints,
  order: { leavers: readonly RecordedPerson[]; caseId: string; purposeOf: PurposeOf },
): Promise<number> {
  const { leavers, caseId, purposeOf } = order;
  return actingAs(endpoints, { person: OPERATOR, tenant: TENANT }, async (client) => {
    let gone = 0;
    for (const person of leavers) {
      const ask = { recordId: person.recordId, purpose: purposeOf(person), caseId };
      const code = await client.disclose(ask).then(() => undefined, codeOf);
      if (code === 'already-disposed') gone += 1;
    }
    return gone;
  });
}

function codeOf(error: unknown): string {
  if (error instanceof ProblemError) return error.code;
  throw error;
}
