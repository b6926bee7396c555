import { connect } from './connect.ts';

// What was done with a company's numbers: node access-report.ts .data/endpoints.json 2026-12-01 2026-12-31
const [endpointsFile = '.data/endpoints.json', from = '2026-01-01', to = '2026-12-31'] =
  process.argv.slice(2);
const vault = connect(endpointsFile, {
  person: 'compliance-officer-1',
  clientId: 'payroll',
  tenant: 't-001',
});

const { summary, rows } = await vault.reportAccess({ from, to });
const people = new Set(rows.map(({ who }) => who)).size;

await vault.close();
process.stdout.write(`${JSON.stringify({ people, ...summary })}\n`);
