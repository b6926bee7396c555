import { createRequire } from 'node:module';
import { relative } from 'node:path';

// Importing it would read every member of it, and one of them needs a package that is not installed.
const { runCLI } = createRequire(import.meta.url)('jest');

/** With more failures than this the machine was not merely busy. */
const TRIED_ALONE = 3;

const root = process.cwd();
const together = await run({ _: [] });
const failed = filesFailing(together);
const triedAlone = failed.length > 0 && failed.length <= TRIED_ALONE;
const alone = triedAlone ? await run({ _: failed, runTestsByPath: true, runInBand: true }) : together;
const failing = filesFailing(alone);
const suspects = failed.filter((file) => !failing.includes(file));
report();
process.exitCode = failing.length === 0 && together.numTotalTests > 0 ? 0 : 1;

async function run(options) {
  const { results } = await runCLI({ $0: 'jest', ...options }, [root]);
  return results;
}

function filesFailing(results) {
  const bad = results.testResults.filter((file) => file.numFailingTests > 0 || file.testExecError);
  return bad.map((file) => file.testFilePath);
}

/**
 * The last line counts each test once. A file that passed only alone is named before it: the machine was busy,
 * or something races; its first failure stands above and is to be traced like any other.
 */
function report() {
  for (const file of suspects)
    process.stdout.write(`\npassed only alone, to be traced: ${relative(root, file)}\n`);
  const stillFailed = alone.numFailedTests + alone.numRuntimeErrorTestSuites;
  const passed = triedAlone ? passedIn(together, failed) + alone.numPassedTests : together.numPassedTests;
  const skipped = together.numPendingTests > 0 ? `, ${together.numPendingTests} skipped` : '';
  process.stdout.write(`\n${passed} passed, ${stillFailed} failed${skipped}\n`);
}

/** What passed in the files that were not run again. */
function passedIn(results, runAgain) {
  const kept = results.testResults.filter((file) => !runAgain.includes(file.testFilePath));
  return kept.reduce((sum, file) => sum + file.numPassingTests, 0);
}
