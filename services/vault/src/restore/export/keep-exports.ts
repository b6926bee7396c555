import type { KnownExport } from './key-tree-export.repository.ts';

const EXPORT_EVERY_MS = 60 * 60_000;
const VERIFY_EVERY_MS = 24 * 60 * 60_000;

export type KeepDependencies = {
  headEpoch(): Promise<number | undefined>;
  newestExport(): Promise<KnownExport | undefined>;
  newestVerified(): Promise<KnownExport | undefined>;
  /** Exports the key tree to every place; with `verify`, restores it from there and opens a sample. */
  export(options: { verify: boolean }): Promise<void>;
  exportControlLog(): Promise<void>;
};

/**
 * Looks once what is due: an export every hour and after each flip; a verified one after each flip and once a
 * day. The control log is copied whenever it grew.
 */
export async function keepExports(deps: KeepDependencies): Promise<void> {
  await deps.exportControlLog();
  const epoch = await deps.headEpoch();
  if (epoch === undefined) return;
  const verify = isDue(await deps.newestVerified(), { epoch, everyMs: VERIFY_EVERY_MS });
  const due = verify || isDue(await deps.newestExport(), { epoch, everyMs: EXPORT_EVERY_MS });
  if (due) await deps.export({ verify });
}

function isDue(
  newest: KnownExport | undefined,
  { epoch, everyMs }: { epoch: number; everyMs: number },
): boolean {
  return newest === undefined || newest.epoch < epoch || newest.ageMs >= everyMs;
}
