import { startRunCluster } from '../src/run-cluster.ts';

/** Once per run, before any test process exists. */
// oxlint-disable-next-line import/no-default-export -- jest's contract
export default async function globalSetup(): Promise<void> {
  const endRunCluster = await startRunCluster();
  Object.assign(globalThis, { endRunCluster });
}
