import { digestOfCertificate } from '@mnv/disposal-certificate';
import type { Endpoints } from '../../system/endpoints.ts';
import {
  asRequester,
  carryOutDisposal,
  certificateOf,
  verifiedCertificate,
} from '../carry-out-disposal.ts';
import type { YearResult } from './year-result.ts';

const REASON = '年次廃棄。保存期間を満了した個人番号。';

export type AnnualDisposal = Pick<YearResult, 'due' | 'goingAlong' | 'disposed' | 'certificates'>;

/** Everything due goes: a dry run first, then each of its parts as one disposal, certified and acknowledged. */
export async function disposeOfDue(
  endpoints: Endpoints,
  { day, say }: { day: string; say: (text: string) => void },
): Promise<AnnualDisposal> {
  const { dryRunId, summary } = await asRequester(endpoints, ({ retention }) =>
    retention.dryRun({ kind: 'due', until: day }),
  );
  const goingAlong = summary.goingAlong.D + summary.goingAlong.S3;
  say(`${summary.records} due, ${goingAlong} of them families; in ${summary.parts} disposals`);
  const certificates: YearResult['certificates'] = [];
  let disposed = 0;
  for (let part = 1; part <= summary.parts; part += 1) {
    const records = await asRequester(endpoints, ({ retention }) =>
      retention.partOf(dryRunId, part),
    );
    const caseId = `ANNUAL-${day.slice(0, 4)}-${part}`;
    const batch = await carryOutDisposal(endpoints, { records, caseId, reason: REASON });
    say(`${caseId}: ${batch.count} ordered; waiting for keys to be erased everywhere`);
    const jws = await certificateOf(endpoints, batch);
    certificates.push(await acknowledged(endpoints, batch.disposalId, jws));
    disposed += batch.count;
  }
  return { due: summary.records, goingAlong, disposed, certificates };
}

/** Delivered by fetching it; acknowledged by its hash. */
async function acknowledged(
  endpoints: Endpoints,
  disposalId: string,
  jws: string,
): Promise<YearResult['certificates'][number]> {
  const { verified } = await verifiedCertificate(endpoints, jws);
  return asRequester(endpoints, async ({ disposals }) => {
    await disposals.acknowledge(disposalId, digestOfCertificate(jws));
    const found = (await disposals.certificates()).find((one) => one.disposalId === disposalId);
    return {
      number: found?.tenantNumber ?? 0,
      verified,
      acknowledged: found?.acknowledgement !== null && found !== undefined,
    };
  });
}
