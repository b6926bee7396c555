import type { LegalDay } from '@mnv/bango-ho';
import { isLegalDay } from '@mnv/bango-ho';

/** When a tenant disposes of what is due: at once, at the end of each month, or at the end of its fiscal year. */
export type DisposalPolicy =
  | { kind: 'immediate' }
  | { kind: 'monthly' }
  | { kind: 'fiscal-year-end'; lastMonth: number };

/** 「できるだけ速やかに」: until a tenant has decided otherwise. */
export const DEFAULT_POLICY: DisposalPolicy = { kind: 'immediate' };

const OVERDUE_DAYS = { immediate: 30, monthly: 30, 'fiscal-year-end': 366 } as const;

/** The policy of a decision’s value; the default where there is none. */
export function policyOf(value: string | undefined): DisposalPolicy {
  const [kind, month] = (value ?? '').split(':');
  if (kind === 'monthly') return { kind };
  if (kind === 'fiscal-year-end') return { kind, lastMonth: Number(month) };
  return DEFAULT_POLICY;
}

/** The day a record that is due since a day is planned for. */
export function plannedDay(policy: DisposalPolicy, dueSince: LegalDay): LegalDay {
  if (policy.kind === 'immediate') return dueSince;
  const [year, month] = [Number(dueSince.slice(0, 4)), Number(dueSince.slice(5, 7))];
  if (policy.kind === 'monthly') return lastDayOfMonth(year, month);
  return lastDayOfMonth(month <= policy.lastMonth ? year : year + 1, policy.lastMonth);
}

/** Days after which a due record that is still there raises an alarm. */
export function overdueDaysOf({ kind }: DisposalPolicy): number {
  return OVERDUE_DAYS[kind];
}

/** The day so many days before. Legal days are counted as days, not as instants. */
export function daysBefore(day: LegalDay, count: number): LegalDay {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() - count);
  return at.toISOString().slice(0, 10);
}

function lastDayOfMonth(year: number, month: number): LegalDay {
  const stem = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`;
  return ['31', '30', '29', '28'].map((day) => `${stem}-${day}`).find(isLegalDay) ?? `${stem}-28`;
}
