import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { RetentionEvent } from '@mnv/client';
import { legalDayOf } from '@mnv/core';
import { withScratchDirectory } from '../../files/scratch-directory.ts';
import type { LocalSystem } from '../../system/start-system.ts';
import { actingAs } from '../acting-as.ts';
import { asRequester } from '../carry-out-disposal.ts';
import type { CompanyPerson } from '../company.ts';
import { makeCompany } from '../company.ts';
import { findRecordIds } from '../find-records.ts';
import { importCompany } from '../import-company.ts';
import { APPROVERS, COMPLIANCE_OFFICER, OPERATOR, TENANT } from '../parts.ts';
import type { MainJob } from '../run-main-job.ts';
import { runPayroll } from '../run-payroll.ts';
import { decemberPayroll, filingOf } from '../year-end-filings.ts';
import { disposeOfDue } from './annual-disposal.ts';
import { beginnings, declarations, endings, familiesEnd, tell } from './year-events.ts';
import * as plan from './year-plan.ts';
import type { YearMonth, YearResult } from './year-result.ts';

const FOLLOWED_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 300;

type Year = MainJob & {
  system: LocalSystem;
  days: plan.LegalDays;
  staff: CompanyPerson[];
  newcomers: CompanyPerson[];
};

/**
 * A year of a tenant on a system of its own: the company's numbers go in, people are hired, leave, are dependants
 * no more; payees' contracts end; payroll files at the turn of the year; what is due at its end is disposed of.
 * The legal day is advanced month by month; every security clock stays the real one.
 */
export async function liveAYear(system: LocalSystem, job: MainJob): Promise<YearResult> {
  const run = randomBytes(4).toString('hex');
  const staff = makeCompany(job.people, `year-${run}`);
  const newcomers = makeCompany(Math.ceil(job.people / 10), `new-${run}`);
  const days = plan.legalDaysFrom(Date.now());
  try {
    return await live({ ...job, system, days, staff, newcomers });
  } finally {
    rmSync(system.installation.layout.legalDayFile, { force: true });
  }
}

async function live(year: Year): Promise<YearResult> {
  const { stopwatch, days, staff, newcomers, say, signal } = year;
  const months: YearMonth[] = [];
  let disclosed = 0;
  let disposal: Awaited<ReturnType<typeof disposeOfDue>> | undefined;
  await decideByTwo(year);
  for (let month = 0; month <= plan.MONTHS; month += 1) {
    signal.throwIfAborted();
    const day = days.of(month);
    setLegalDay(year, day);
    const { what, events } = await stopwatch.time(`month-${month}`, () => pass(year, month, day));
    if (month === plan.YEAR_END_MONTH) disclosed = await fileAtYearEnd(year, day);
    if (month === plan.DISPOSAL_MONTH)
      disposal = await stopwatch.time('dispose', () =>
        disposeOfDue(year.system.endpoints, { day, say }),
      );
    months.push({ day, what, events, ...(await countsOn(year, day, disposal?.disposed ?? 0)) });
    say(`${day} ${what}: ${events} events`);
  }
  if (disposal === undefined) throw new Error('the year had no disposal');
  return {
    people: staff.length,
    from: days.begin,
    to: days.of(plan.MONTHS),
    hired: newcomers.length,
    disclosed,
    left: plan.leaversOf(staff).length,
    dependantsEnded: plan.endingDependantsOf(staff).length,
    payeesEnded: plan.endingPayeesOf(staff).length,
    ...disposal,
    months,
    seconds: stopwatch.seconds(),
  };
}

/** What people decide where the law leaves it open: no book (帳簿), and disposal month by month. */
async function decideByTwo({ system: { endpoints } }: Year): Promise<void> {
  for (const [topic, value] of [
    ['book', 'no'],
    ['policy', 'monthly'],
  ] as const) {
    const decisionId = await asRequester(endpoints, ({ retention }) =>
      retention.propose({ topic, value, reason: '社内規程による' }),
    );
    await actingAs(endpoints, { person: APPROVERS[0], tenant: TENANT }, ({ retention }) =>
      retention.confirm(decisionId),
    );
  }
}

/** What happens in a month. */
async function pass(
  year: Year,
  month: number,
  day: string,
): Promise<{ what: string; events: number }> {
  const { staff, newcomers } = year;
  const leavers = plan.leaversOf(staff);
  const told = async (what: string, events: readonly RetentionEvent[]) => ({
    what,
    events: await asRequester(year.system.endpoints, (client) => tell(client, events)),
  });
  switch (month) {
    case 0:
      await takeIn(year, staff, 0);
      return told('番号の受入れ・入社', beginnings(staff, day));
    case plan.YEAR_END_MONTH:
      return told('年末調整', declarations(staff, day));
    case plan.LEAVING_MONTH: {
      const families = plan.familiesOf(staff, leavers);
      return told('退職', [...endings(leavers, 'left', day), ...familiesEnd(families, day)]);
    }
    case plan.HIRING_MONTH:
      await takeIn(year, newcomers, staff.length);
      return told('中途入社', beginnings(newcomers, day));
    case plan.FAMILY_MONTH:
      return told('扶養の終了', endings(plan.endingDependantsOf(staff), 'dependant-ended', day));
    case plan.PAYEE_MONTH:
      return told(
        '支払契約の終了',
        endings(plan.endingPayeesOf(staff), 'payee-contract-ended', day),
      );
    case plan.DISPOSAL_MONTH:
      return { what: '年次廃棄', events: 0 };
    default:
      return { what: '-', events: 0 };
  }
}

/** Stores the numbers of people, and waits until the disposal service has heard of all. */
async function takeIn(year: Year, people: readonly CompanyPerson[], before: number): Promise<void> {
  const { endpoints } = year.system;
  const today = legalDayOf(Date.now());
  await withScratchDirectory((directory) => importCompany(endpoints, { people, directory, today }));
  const deadline = Date.now() + FOLLOWED_WITHIN_MS;
  while ((await countLiving(year)) < before + people.length) {
    if (Date.now() > deadline) throw new Error('the disposal service has not heard of all records');
    await pause(LOOK_EVERY_MS);
  }
}

/** Payroll asks for the numbers its filings carry. */
function fileAtYearEnd({ system, staff, say, stopwatch }: Year, day: string): Promise<number> {
  const actor = { person: OPERATOR, tenant: TENANT };
  return stopwatch.time('payroll', () =>
    actingAs(system.endpoints, actor, async (client) => {
      const people = await findRecordIds(client, staff);
      const { filled } = await runPayroll(client, people, { caseId: decemberPayroll(day), say });
      return filled;
    }),
  );
}

async function countsOn(year: Year, day: string, disposed: number) {
  const { summary } = await asRequester(year.system.endpoints, ({ retention }) =>
    retention.dryRun({ kind: 'due', until: day }),
  );
  return { living: await countLiving(year), due: summary.records, disposed };
}

/** By the register of files (管理台帳): each person stands in the file of the filing that carries their number. */
async function countLiving({ system: { endpoints }, staff }: Year): Promise<number> {
  const actor = { person: COMPLIANCE_OFFICER, tenant: TENANT };
  const { files } = await actingAs(endpoints, actor, ({ retention }) => retention.files());
  const filings = new Map(
    staff.map((person) => [person.subject as string, filingOf(person).purpose]),
  );
  return files
    .filter(({ subject, purpose }) => filings.get(subject) === purpose)
    .reduce((sum, { living }) => sum + living, 0);
}

/** Whole or not at all: the service reads it at any moment. */
function setLegalDay({ system }: Year, day: string): void {
  const file = system.installation.layout.legalDayFile;
  writeFileSync(`${file}.new`, `${day}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
