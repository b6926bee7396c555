import type { DemoResult } from './result.ts';

/** The result for a reader. */
export function resultInWords(result: DemoResult): string {
  const { people, imported, disclosed, accessEntries, receiptsVerified, log, seconds } = result;
  const refused = Object.values(result.refused).reduce((sum, count) => sum + count, 0);
  const lines = [
    `${people} people: ${imported} numbers stored, ${disclosed} released to payroll in ${seconds['payroll']} s`,
    `${accessEntries} entries stand for them in the access log; receipts prove ${receiptsVerified}`,
    `${refused} of ${Object.keys(result.refused).length} kinds of forbidden read were refused and logged`,
    `${result.disposed} people left: disposed of by three people, unreadable since; certificate (${result.certificate.stage}): ${result.certificate.verified ? 'verified offline' : 'NOT verified'}`,
    `log of ${log.size} entries: ${log.verified ? 'verified offline' : 'NOT verified'}`,
  ];
  return `${lines.join('\n')}\n`;
}
