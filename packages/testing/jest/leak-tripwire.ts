import { afterAll } from '@jest/globals';
import { armTripwire, leakTripwire, requireNoLeak } from '../src/leak-tripwire.ts';
import { testCluster } from '../src/test-cluster.ts';

// Stands for every test file: no path may print an Individual Number, or make the database's log hold one.
const disarm = armTripwire();
const { logFile } = testCluster();
if (logFile !== undefined) leakTripwire().watchFile('the log of PostgreSQL', logFile);

afterAll(() => {
  disarm();
  requireNoLeak();
});
