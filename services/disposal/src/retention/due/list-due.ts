import type { LegalDay } from '@mnv/bango-ho';
import type { DueRecord } from './due.repository.ts';
import type { DisposalPolicy } from './policy.ts';
import { daysBefore, overdueDaysOf, plannedDay } from './policy.ts';

export type DueCursor = { dueSince: LegalDay; recordId: string };

/** A due record with the day it is planned for, and whether it has waited too long. */
export type PlannedRecord = DueRecord & { plannedOn: LegalDay; overdue: boolean };
export type DuePage = { due: PlannedRecord[]; next?: string };

/** One page of the due list, planned by the tenant’s policy. */
export function pageOf(
  found: readonly DueRecord[],
  { policy, today, limit }: { policy: DisposalPolicy; today: LegalDay; limit: number },
): DuePage {
  const overdueBefore = daysBefore(today, overdueDaysOf(policy));
  const due = found.slice(0, limit).map((record) => ({
    ...record,
    plannedOn: plannedDay(policy, record.dueSince),
    overdue: record.dueSince < overdueBefore,
  }));
  const last = due.at(-1);
  const more = found.length > limit && last !== undefined;
  return more ? { due, next: `${last.dueSince}_${last.recordId}` } : { due };
}
