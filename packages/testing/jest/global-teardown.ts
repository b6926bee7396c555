/** Ends what the global set-up started, in the same process. */
// oxlint-disable-next-line import/no-default-export -- jest's contract
export default async function globalTeardown(): Promise<void> {
  const { endRunCluster } = globalThis as { endRunCluster?: () => Promise<void> };
  await endRunCluster?.();
}
