import { execFile } from 'node:child_process';
import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testCluster } from '../src/test-cluster.ts';

const ROOT = join(import.meta.dirname, '../../..');
const TESTING = join(ROOT, 'packages/testing');

/** Not so when the tests run against a server that is not ours. */
const SEES_LOG = testCluster().logFile !== undefined;

const LEAKS = {
  console: `console.warn('sent %s', makeIndividualNumber());`,
  stdout: `process.stdout.write(makeIndividualNumber() + '\\n');`,
  stderr: `process.stderr.write(Buffer.from(makeIndividualNumber()).toString('base64'));`,
  problem: `leakTripwire().watch('the problem body', JSON.stringify({ detail: makeIndividualNumber() }));`,
  database: `const database = await createTestDatabase('access');
    await database.pool('access_service').query('select $1::date', [makeIndividualNumber()]).catch(() => undefined);
    await database.drop();`,
};
const SILENT = {
  silent: `makeIndividualNumber(); console.log('sent a number'); process.stdout.write('sent\\n');`,
  parameter: `const database = await createTestDatabase('access');
    const pool = database.pool('access_service');
    const number = makeIndividualNumber();
    await pool.query('select 1 / length(substr($1::text, 13))', [number]).catch(() => undefined);
    await pool.query("select 1 / length(substr('" + number + "', 13))").catch(() => undefined);
    await database.drop();`,
};

interface FileResult {
  name: string;
  status: 'passed' | 'failed';
  message: string;
}

describe('a test file', () => {
  let home: string;
  let results: Map<string, FileResult>;
  beforeAll(async () => {
    home = await mkdtemp(join(await realpath(tmpdir()), 'tripwire-'));
    results = await runFiles(home, { ...LEAKS, ...SILENT });
  });
  afterAll(() => rm(home, { recursive: true }));

  it.each([
    ['console', 'number 1 (plain) in printed output'],
    ['stdout', 'number 1 (plain) in printed output'],
    ['stderr', 'number 1 (base64) in printed output'],
    ['problem', 'number 1 (plain) in the problem body'],
    ...(SEES_LOG ? [['database', 'number 1 (plain) in the log of PostgreSQL'] as const] : []),
  ] as const)('fails when a number leaks by way of %s, and says where', (name, report) => {
    expect(results.get(name)).toMatchObject({
      status: 'failed',
      message: expect.stringContaining(report),
    });
  });

  it('is not told the number by the report of the leak', () => {
    for (const name of Object.keys(LEAKS)) {
      expect(results.get(name)?.message).not.toMatch(/[0-9]{12}/);
    }
  });

  it.each(Object.keys(SILENT))('passes when it uses a number and shows it nowhere (%s)', (name) => {
    expect(results.get(name)).toMatchObject({ status: 'passed' });
  });
});

/** Runs jest on one file per body, with the set-up of this repository, and the cluster of this run. */
async function runFiles(home: string, bodies: Record<string, string>) {
  for (const [name, body] of Object.entries(bodies)) {
    await writeFile(join(home, `${name}.test.ts`), testFile(body));
  }
  const config = {
    rootDir: home,
    testEnvironment: 'node',
    extensionsToTreatAsEsm: ['.ts'],
    transform: { '\\.ts$': join(TESTING, 'jest/strip-types.cjs') },
    setupFilesAfterEnv: [join(TESTING, 'jest/leak-tripwire.ts')],
  };
  const output = join(home, 'result.json');
  await new Promise((resolve) => {
    const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
    const options = ['--config', JSON.stringify(config), '--json', '--outputFile', output, '-i'];
    const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
    execFile(process.execPath, [...node, jest, ...options], { cwd: home }, resolve);
  });
  const report = JSON.parse(await readFile(output, 'utf8')) as { testResults: FileResult[] };
  const files = report.testResults;
  return new Map(files.map((file) => [file.name.slice(home.length + 1, -'.test.ts'.length), file]));
}

function testFile(body: string): string {
  return `import { expect, it } from '@jest/globals';
import { createTestDatabase, leakTripwire, makeIndividualNumber } from '${join(TESTING, 'src/index.ts')}';
it('does something with a number', async () => {
  ${body}
  expect(typeof [createTestDatabase, leakTripwire]).toBe('object');
});
`;
}
