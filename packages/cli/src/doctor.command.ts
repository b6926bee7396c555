import { optionalText } from './command.ts';
import type { Command } from './command.ts';
import { checkCertificates, checkNode, checkPrivacy, checkTrustPolicy } from './check-files.ts';
import { checkDatabases } from './check-migrated-databases.ts';
import { checkServices } from './check-services.ts';
import { CONNECTION_OPTIONS } from './connection-options.ts';
import type { Check } from './doctor-check.ts';
import { readEndpoints } from './endpoints.ts';
import { table } from './table.ts';

const MARKS = { ok: '✓ ok', warn: '! warn', fail: '✗ fail' } as const;

/** The first thing to run when something does not work. Changes nothing. */
export const DOCTOR: Command = {
  name: 'doctor',
  summary: 'Look at everything the system needs and say what to do about what is wrong.',
  options: {
    endpoints: CONNECTION_OPTIONS.endpoints,
    json: { type: 'boolean', help: 'Print JSON.' },
  },
  run: async ({ values }, { out, workingDirectory, now }) => {
    const checks = [checkNode(process.version)];
    const { file, endpoints } = await readEndpoints(
      optionalText(values, 'endpoints'),
      workingDirectory,
    );
    checks.push(
      { name: '接続先 / endpoints', state: 'ok', found: file },
      ...(await checkPrivacy(file, endpoints)),
      ...(await checkCertificates(endpoints, now())),
      await checkTrustPolicy(endpoints),
      ...(await checkServices(endpoints, now)),
      ...(await checkDatabases(endpoints)),
    );
    out(values['json'] === true ? `${JSON.stringify(checks)}\n` : inWords(checks));
    return checks.some(({ state }) => state === 'fail') ? 1 : 0;
  },
};

function inWords(checks: readonly Check[]): string {
  const heads = ['状態 / state', '項目 / check', '結果 / found', '対処 / what to do'];
  return table(
    heads,
    checks.map(({ name, state, found, todo = '' }) => [MARKS[state], name, found, todo]),
  );
}
