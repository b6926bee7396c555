import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findVectors } from './conformance/find-vectors.ts';
import { suiteOf } from './conformance/suites.ts';
import { type Tally, tallyOf } from './conformance/suite.ts';

const USAGE = 'usage: npm run conformance -- DIR\n';

function lineOf(path: string, { passed, failed, stricter }: Tally): string {
  return `${path}: passed ${passed}, failed ${failed}${stricter > 0 ? `, stricter ${stricter}` : ''}\n`;
}

async function runFile(directory: string, path: string): Promise<Tally | undefined> {
  const suite = suiteOf(path);
  if (!suite) {
    process.stderr.write(`${path}: no suite knows this file\n`);
    return undefined;
  }
  const tally = await tallyOf(suite.cases(JSON.parse(readFileSync(join(directory, path), 'utf8'))));
  process.stdout.write(lineOf(path, tally));
  for (const name of tally.failures) process.stderr.write(`  failed: ${name}\n`);
  return tally;
}

/** True when at least one vector ran and none failed. */
async function runAll(directory: string): Promise<boolean> {
  let ran = 0;
  let failed = 0;
  for (const path of findVectors(directory)) {
    const tally = await runFile(directory, path);
    ran += (tally?.passed ?? 0) + (tally?.failed ?? 0);
    failed += tally?.failed ?? 0;
  }
  if (ran === 0) process.stderr.write('no vector ran\n');
  return ran > 0 && failed === 0;
}

const [given] = process.argv.slice(2);
const directory = given === undefined ? undefined : resolve(given);
if (directory === undefined || !statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
  process.stderr.write(directory === undefined ? USAGE : 'no such directory\n');
  process.exitCode = 2;
} else {
  process.exitCode = (await runAll(directory)) ? 0 : 1;
}
