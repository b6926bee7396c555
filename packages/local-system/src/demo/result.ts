import { LEAVERS } from './dispose-leavers.ts';
import { REFUSED_KINDS, type RefusedKind } from './refused-reads.ts';

/** What `npm run demo -- --json` prints. */
export type DemoResult = {
  people: number;
  imported: number;
  disclosed: number;
  accessEntries: number;
  /** How many reads of each kind were refused and stand in the log as refused. */
  refused: Record<RefusedKind, number>;
  receiptsVerified: number;
  log: { size: number; verified: boolean };
  /** Of the people who left, how many read 410. */
  disposed: number;
  certificate: { stage: string; verified: boolean };
  seconds: Record<string, number>;
};

/** What is less than the product promises, one sentence each. Empty for a run that went well. */
export function shortfallsOf(result: DemoResult): string[] {
  const { people, imported, disclosed, accessEntries, refused, receiptsVerified, log } = result;
  const leavers = Math.min(LEAVERS, people);
  const checks: readonly (readonly [boolean, string])[] = [
    [imported === people, `${imported} of ${people} numbers were imported`],
    [disclosed === people, `payroll received ${disclosed} of ${people} numbers`],
    [accessEntries >= disclosed, `${accessEntries} entries stand for ${disclosed} numbers`],
    ...REFUSED_KINDS.map(
      (kind) => [refused[kind] === 1, `${kind} was not refused and logged`] as const,
    ),
    [receiptsVerified === disclosed, `receipts prove ${receiptsVerified} of ${disclosed} numbers`],
    [log.verified && log.size > 0, 'the log could not be verified'],
    [result.disposed === leavers, `${result.disposed} of ${leavers} leavers were disposed of`],
    [result.certificate.verified, 'the disposal certificate could not be verified'],
  ];
  return checks.flatMap(([holds, sentence]) => (holds ? [] : [sentence]));
}
