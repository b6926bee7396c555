import { dirname, join } from 'node:path';
import { legalDayOf } from '@mnv/core';
import type { Endpoints } from '../system/endpoints.ts';
import { DEFAULT_DATA } from './start-options.ts';

const DEFAULT_ENDPOINTS_FILE = join(DEFAULT_DATA, 'endpoints.json');

/** What runs where. */
export function whatRunsWhere(endpoints: Endpoints, endpointsFile: string): string {
  const { services, identity, logs, postgres } = endpoints;
  const data = dirname(endpointsFile);
  const places = [
    ['access proxy', services.proxy, 'the API: payroll and everybody else talk to this'],
    ['disposal', services.disposal, 'the API of disposals, holds and retention'],
    ['vault', services.vault, 'numbers and keys: answers the two services above alone'],
    ['identity provider', identity.issuer, 'sample people and their sign-in'],
    ['witness', logs.witness, 'cosigns the logs: elsewhere it runs away from what it watches'],
    ['PostgreSQL', `${postgres.host}:${postgres.port}`, postgres.databases.join(', ')],
    ['data', data, `service logs in ${join(data, 'logs')}`],
    ['for scripts', endpointsFile, 'addresses, certificates, keys, people'],
  ] as const;
  const lines = places.map(([what, where, why]) => `  ${what.padEnd(18)} ${where}  (${why})`);
  return [
    '',
    'mynumber-vault runs. FOR DEVELOPMENT ONLY: the certificate authority, the key root and the',
    'sample people are local files. Never store a real number here.',
    '',
    ...lines,
    '',
  ].join('\n');
}

/** What a newcomer can try next. Tools find the default place by themselves. */
export function whatToTry(endpointsFile: string): string {
  const day = legalDayOf(Date.now());
  const mynumber = 'npm run --silent mynumber --';
  const at = endpointsFile === DEFAULT_ENDPOINTS_FILE ? '' : ` --endpoints ${endpointsFile}`;
  return [
    '',
    'In another terminal:',
    `  npm run demo -- --use ${endpointsFile}`,
    `  ${mynumber} report access --as compliance-officer-1 --client payroll --tenant t-001 --from ${day} --to ${day}${at}`,
    `  ${mynumber} token --as operator-1 --client payroll --tenant t-001 --json${at}`,
    `  ${mynumber} doctor${at}`,
    '',
    'Ctrl-C stops everything; the data stays.',
    '',
  ].join('\n');
}
