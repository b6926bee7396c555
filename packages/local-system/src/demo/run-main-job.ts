import { randomBytes } from 'node:crypto';
import { legalDayOf } from '@mnv/core';
import { withScratchDirectory } from '../files/scratch-directory.ts';
import type { Endpoints } from '../system/endpoints.ts';
import { actingAs } from './acting-as.ts';
import { makeCompany } from './company.ts';
import { disposeLeavers } from './dispose-leavers.ts';
import { findRecordIds, type RecordedPerson } from './find-records.ts';
import { importCompany } from './import-company.ts';
import { OPERATOR, TENANT } from './parts.ts';
import { REFUSED_KINDS, type RefusedRead, tryRefusedReads } from './refused-reads.ts';
import type { DemoResult } from './result.ts';
import { type PayrollRun, runPayroll } from './run-payroll.ts';
import { readRunReport, type RunReport } from './run-report.ts';
import { refusalsTable, reportSummaryTable } from './run-tables.ts';
import type { Stopwatch } from './stopwatch.ts';
import { verifyRun } from './verify-run.ts';
import { decemberPayroll, filingOf } from './year-end-filings.ts';

export type MainJob = {
  people: number;
  /** Progress, line by line. */
  say: (text: string) => void;
  /** Tables for the reader. */
  show: (text: string) => void;
  stopwatch: Stopwatch;
  signal: AbortSignal;
};

/** The main job on a running system: a company's numbers go in, payroll gets every one, outsiders check it. */
export function runMainJob(endpoints: Endpoints, job: MainJob): Promise<DemoResult> {
  return withScratchDirectory(async (directory) => {
    const run = { from: new Date().toISOString(), today: legalDayOf(Date.now()), directory };
    const { imported, people } = await takeIn(endpoints, job, run);
    const { payroll, reads } = await use(endpoints, job, { ...run, people });
    const report = await review(endpoints, job, { ...run, people, reads });
    const verification = await verify(endpoints, job, { directory, payroll });
    const disposal = await dispose(endpoints, job, { ...run, people });
    const refused = REFUSED_KINDS.map((kind) => [kind, report.refusals.has(kind) ? 1 : 0]);
    return {
      people: job.people,
      imported,
      disclosed: payroll.filled,
      accessEntries: report.accessEntries,
      refused: Object.fromEntries(refused) as DemoResult['refused'],
      ...verification,
      ...disposal,
      seconds: job.stopwatch.seconds(),
    };
  });
}

type Run = { from: string; today: string; directory: string };

async function takeIn(
  endpoints: Endpoints,
  { people: count, say, stopwatch, signal }: MainJob,
  run: Run,
) {
  const company = makeCompany(count, `run-${randomBytes(4).toString('hex')}`);
  say(`importing a company of ${count} people into ${TENANT} as ${OPERATOR}`);
  const imported = await stopwatch.time('import', () =>
    importCompany(endpoints, { ...run, people: company }),
  );
  signal.throwIfAborted();
  say(`${imported} numbers stored, the file is deleted; asking for their record ids`);
  const people = await stopwatch.time('find', () =>
    actingAs(endpoints, { person: OPERATOR, tenant: TENANT }, (client) =>
      findRecordIds(client, company),
    ),
  );
  signal.throwIfAborted();
  return { imported, people };
}

async function use(
  endpoints: Endpoints,
  { say, stopwatch, signal }: MainJob,
  run: Run & { people: readonly RecordedPerson[] },
): Promise<{ payroll: PayrollRun; reads: RefusedRead[] }> {
  const caseId = decemberPayroll(run.today);
  say(`running ${caseId} for ${run.people.length} people as ${OPERATOR}`);
  const actor = { person: OPERATOR, tenant: TENANT };
  const payroll = await stopwatch.time('payroll', () =>
    actingAs(endpoints, actor, (client) => runPayroll(client, run.people, { caseId, say })),
  );
  signal.throwIfAborted();
  say('trying reads that must be refused');
  const reads = await stopwatch.time('refuse', () =>
    tryRefusedReads(endpoints, { ...run, caseId }),
  );
  signal.throwIfAborted();
  return { payroll, reads };
}

async function review(
  endpoints: Endpoints,
  { say, show, stopwatch, signal }: MainJob,
  run: Run & { people: readonly RecordedPerson[]; reads: readonly RefusedRead[] },
): Promise<RunReport> {
  const report = await stopwatch.time('report', () => readRunReport(endpoints, run));
  say(`the access report has ${report.report.rows.length} entries of this run`);
  show(`\n${reportSummaryTable(endpoints, report)}\n${refusalsTable(endpoints, report)}\n`);
  signal.throwIfAborted();
  return report;
}

async function dispose(
  endpoints: Endpoints,
  { say, stopwatch, signal }: MainJob,
  { people, today }: Run & { people: readonly RecordedPerson[] },
) {
  const caseId = `LEAVERS-${today.slice(0, 7)}`;
  const purposeOf = (person: RecordedPerson) => filingOf(person).purpose;
  const run = await stopwatch.time('dispose', () =>
    disposeLeavers(endpoints, { people, caseId, purposeOf, say }),
  );
  signal.throwIfAborted();
  return run;
}

async function verify(
  endpoints: Endpoints,
  { say, stopwatch }: MainJob,
  run: { directory: string; payroll: PayrollRun },
) {
  const { directory, payroll } = run;
  say('verifying every receipt and the whole log offline');
  return stopwatch.time('verify', () =>
    verifyRun(endpoints, { receipts: payroll.receipts, directory }),
  );
}
