import { textOf } from './command.ts';
import type { Command } from './command.ts';
import { PERSON_OPTIONS, TENANT_OPTION, withClient } from './connection-options.ts';
import { reportCsv, reportTable } from './access-report-text.ts';

/** What the compliance officer reads: every access of a period. Reading it is itself an entry. */
export const REPORT_ACCESS: Command = {
  name: 'report access',
  summary: 'Report the accesses of a period: who, what, why, when, with what result.',
  details: 'Reading the report is an act itself and stands in the next one.',
  options: {
    ...PERSON_OPTIONS,
    tenant: TENANT_OPTION,
    from: {
      type: 'string',
      value: 'DAY',
      help: 'YYYY-MM-DD (Tokyo, the whole day) or an RFC 3339 instant.',
      required: true,
    },
    to: {
      type: 'string',
      value: 'DAY',
      help: 'The end, written likewise; a day counts whole.',
      required: true,
    },
    csv: { type: 'boolean', help: 'Print CSV for a spreadsheet.' },
    json: { type: 'boolean', help: 'Print {summary, rows} as JSON, every entry a row.' },
  },
  run: async ({ values }, surroundings) => {
    const period = { from: textOf(values, 'from'), to: textOf(values, 'to') };
    const options = {
      values,
      tenant: textOf(values, 'tenant'),
      scopes: ['report:read'] as const,
      surroundings,
    };
    const report = await withClient(options, (client) => client.reportAccess(period));
    if (values['json'] === true) surroundings.out(`${JSON.stringify(report)}\n`);
    else surroundings.out(values['csv'] === true ? reportCsv(report) : reportTable(report));
    return 0;
  },
};
