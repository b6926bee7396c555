import type { LegalDay } from '@mnv/bango-ho';
import type { RetentionTransaction } from '../database.ts';
import { daysBefore, overdueDaysOf, policyOf } from '../due/policy.ts';
import { findLawInUse } from '../law/law-table.repository.ts';
import { noteReminders } from '../reminders/reminder.repository.ts';
import { countToAskAgain } from '../refusals/refusal.repository.ts';
import { findStandingDecisions } from './decision.repository.ts';
import { countPaperTopics } from './paper-topics.repository.ts';
import { countOpenTopics, refreshTasks } from './task.repository.ts';

/** How long after the last step of a refusal the second request becomes a task. */
const ASK_AGAIN_DAYS = 14;

/** Opens and closes the tasks of a tenant. Resolves with how many records are overdue. */
export async function refreshTenantTasks(
  trx: RetentionTransaction,
  tenantId: string,
  today: LegalDay,
): Promise<{ overdue: number }> {
  const decisions = await findStandingDecisions(trx, tenantId);
  const policy = policyOf(decisions.find(({ topic }) => topic === 'policy')?.value);
  const overdueBefore = daysBefore(today, overdueDaysOf(policy));
  const { law } = await findLawInUse(trx, tenantId, today);
  const ofRecords = await countOpenTopics(trx, tenantId, { today, overdueBefore });
  const ofPapers = await countPaperTopics(trx, tenantId, { today, lawVersion: law.version });
  const open = new Map([...ofRecords, ...ofPapers]);
  const toAskAgain = await countToAskAgain(trx, tenantId, daysBefore(today, ASK_AGAIN_DAYS));
  if (toAskAgain > 0) open.set('refusal/ask-again', toAskAgain);
  await refreshTasks(trx, tenantId, { today, open });
  await noteReminders(trx, tenantId, today);
  return { overdue: open.get('overdue') ?? 0 };
}
