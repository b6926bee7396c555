import { setTimeout as pause } from 'node:timers/promises';
import type { AccessReport, AccessReportRow } from '@mnv/client';
import type { Endpoints } from '../system/endpoints.ts';
import { actingAs } from './acting-as.ts';
import type { RecordedPerson } from './find-records.ts';
import { COMPLIANCE_OFFICER, TENANT } from './parts.ts';
import type { RefusedKind, RefusedRead } from './refused-reads.ts';
import { filingOf } from './year-end-filings.ts';

export type RunReport = {
  report: AccessReport;
  /** Entries under which the numbers of the run's people were released for their filing. */
  accessEntries: number;
  /** The entry of each refused read, by kind. */
  refusals: ReadonlyMap<RefusedKind, AccessReportRow>;
};

const ATTEMPTS = 20;
const PAUSE_MS = 150;

/**
 * The access report of the run, as the compliance officer reads it. The entry of a refusal by the vault is
 * written after its answer, so the report is read again while one is not there yet.
 */
export async function readRunReport(
  endpoints: Endpoints,
  run: { from: string; people: readonly RecordedPerson[]; reads: readonly RefusedRead[] },
): Promise<RunReport> {
  const actor = { person: COMPLIANCE_OFFICER, tenant: TENANT };
  return actingAs(endpoints, actor, async (client) => {
    for (let attempt = 1; ; attempt += 1) {
      // The end of the period is left out, so it lies after everything that has been entered.
      const to = new Date(Date.now() + 60_000).toISOString();
      const report = await client.reportAccess({ from: run.from, to });
      const refusals = entriesOf(run.reads, report.rows);
      if (refusals.size === run.reads.length || attempt === ATTEMPTS) {
        return { report, refusals, accessEntries: countReleases(run.people, report.rows) };
      }
      await pause(PAUSE_MS);
    }
  });
}

function entriesOf(
  reads: readonly RefusedRead[],
  rows: readonly AccessReportRow[],
): Map<RefusedKind, AccessReportRow> {
  const found = reads.flatMap(({ kind, recordId, code }) => {
    const row = rows.find((one) => one.record === recordId && one.result === `deny:${code}`);
    return row === undefined ? [] : [[kind, row] as const];
  });
  return new Map(found);
}

function countReleases(
  people: readonly RecordedPerson[],
  rows: readonly AccessReportRow[],
): number {
  const purposeOf = new Map(people.map((one) => [one.recordId, filingOf(one).purpose]));
  return rows.filter(
    ({ kind, record, purpose }) => kind === 'intent' && purposeOf.get(record) === purpose,
  ).length;
}
