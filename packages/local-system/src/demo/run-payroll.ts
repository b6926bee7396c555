import type { Client, RequestReceipt } from '@mnv/client';
import { discloseUntilAnswered } from './disclose-until-answered.ts';
import type { RecordedPerson } from './find-records.ts';
import { filingOf, YEAR_END_FILINGS } from './year-end-filings.ts';

export type PayrollRun = {
  /** People whose number payroll received. */
  filled: number;
  receipts: RequestReceipt[];
};

/** December's payroll: each filing asks for the numbers it carries, and no other. The numbers go no further. */
export async function runPayroll(
  client: Client,
  people: readonly RecordedPerson[],
  order: { caseId: string; say: (text: string) => void },
): Promise<PayrollRun> {
  const receipts: RequestReceipt[] = [];
  let filled = 0;
  for (const filing of YEAR_END_FILINGS) {
    const carried = people.filter((person) => filingOf(person) === filing);
    if (carried.length === 0) continue;
    const recordIds = carried.map(({ recordId }) => recordId);
    const answers = await discloseUntilAnswered(client, recordIds, {
      purpose: filing.purpose,
      caseId: order.caseId,
      onReceipt: (receipt) => void receipts.push(receipt),
    });
    const received = [...answers.values()].filter((answer) => 'individualNumber' in answer).length;
    order.say(`${filing.nameJa} (${filing.purpose}): ${received} of ${carried.length} numbers`);
    filled += received;
  }
  return { filled, receipts };
}
