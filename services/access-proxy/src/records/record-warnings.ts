import type { Caller } from '@mnv/service-kit';
import type { Act, RecordAct } from '../record-act.ts';
import type { StoredLine } from './vault-records.ts';

/** Who learns that a number is held for somebody else stands in the log, with how many, before they learn it. */
export async function recordWarnings(
  caller: Caller,
  { lines, ...act }: Pick<Act, 'tenantId' | 'rid' | 'lane'> & { lines: StoredLine[] },
  recordAct: RecordAct,
): Promise<void> {
  const warned = lines.filter(
    (line) => 'recordId' in line && line.warning === 'held-for-another-person',
  );
  if (warned.length === 0) return;
  const warning = { operation: 'warn-of-duplicates', scope: 'number:write' } as const;
  await recordAct(caller, { ...act, ...warning, count: warned.length });
}
