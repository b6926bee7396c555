import type { Kysely } from 'kysely';
import type { KeyTree } from '@mnv/erasure-tree';
import type { Logger, Repeated } from '@mnv/service-kit';
import { repeatedly, safeFacts } from '@mnv/service-kit';
import type { ControlLog } from '../../control/control-log.ts';
import type { VaultDatabase } from '../../database.ts';
import type { KeyTreeTransaction } from '../../key-tree.repository.ts';
import type { ControlLogFiles } from './export-control-log.ts';
import { exportControlLog } from './export-control-log.ts';
import { exportKeyTree } from './export-key-tree.ts';
import type { WrittenExport } from './export-key-tree.ts';
import type { ExportPlace } from './export-place.ts';
import { keepExports } from './keep-exports.ts';
import { findNewestExport, insertExport, markVerified } from './key-tree-export.repository.ts';
import { exportSourceOf, inSnapshot } from './key-tree-snapshot.repository.ts';
import { removeOldExports } from './remove-old-exports.ts';
import { sampleRecords } from './restore-sample.repository.ts';
import { requireThere, verifyExport } from './verify-export.ts';

const LOOK_EVERY_MS = 10_000;
const AGAIN_AFTER_FAULT_MS = 60_000;
/** Living records tried at every verification; all, when there are fewer. */
const SAMPLE = 1_000;

export type ExportParts = {
  deployment: string;
  db: Kysely<VaultDatabase>;
  tree: KeyTree<KeyTreeTransaction>;
  places: readonly ExportPlace[];
  controlLog: ControlLog;
  controlFiles: ControlLogFiles;
  log: Logger;
};

export type Exports = {
  /** Exports what is due, again and again; not started. */
  keeping: Repeated;
  /** Exports and verifies now, whatever is due. Undefined before there is a key tree. */
  exportNow(): Promise<WrittenExport | undefined>;
  /**
   * Gate S8: whether an export of this or a later epoch was restored, and still lies in every place, whole.
   * Until then no older root version may be destroyed: one lost disk would be every number lost.
   */
  isSafeguarded(epoch: number): Promise<boolean>;
};

export function openExports(parts: ExportParts): Exports {
  const { db, tree, places, log } = parts;
  const run = (options: { verify: boolean; wait: boolean }) => exportOnce(parts, options);
  const keep = async () => {
    // Settings name two at least; only a test's vault has none.
    if (places.length === 0) return;
    await keepExports({
      headEpoch: async () => (await tree.parts.store.readHead())?.epoch,
      newestExport: () => findNewestExport(db, { verified: false }),
      newestVerified: () => findNewestExport(db, { verified: true }),
      export: async ({ verify }) => void (await run({ verify, wait: false })),
      exportControlLog: () => exportControlLogs(parts),
    });
  };
  const keeping = repeatedly(keep, {
    everyMs: LOOK_EVERY_MS,
    tryAgainMs: AGAIN_AFTER_FAULT_MS,
    onFault: (error) =>
      log.error('no export of the key tree: nothing older may be destroyed', safeFacts(error)),
  });
  return {
    keeping,
    exportNow: () => run({ verify: true, wait: true }),
    async isSafeguarded(epoch) {
      const newest = await findNewestExport(db, { verified: true });
      if (newest === undefined || newest.epoch < epoch || places.length < 2) return false;
      const checks = places.map((place) => requireThere(place, newest));
      return (await Promise.allSettled(checks)).every(({ status }) => status === 'fulfilled');
    },
  };
}

async function exportOnce(
  parts: ExportParts,
  { verify, wait }: { verify: boolean; wait: boolean },
): Promise<WrittenExport | undefined> {
  const { deployment, db, places } = parts;
  const reportFault = faultReporter(parts.log);
  const taken = await inSnapshot(db, { wait }, async (snapshot) => {
    const source = await exportSourceOf(snapshot, deployment);
    if (source === undefined) return undefined;
    const sample = verify ? await sampleRecords(snapshot, SAMPLE) : [];
    return { sample, written: await exportKeyTree(source, places, reportFault) };
  });
  if (taken === undefined) return undefined;
  await insertExport(db, taken.written);
  if (verify) await verifyAndKeep(parts, taken);
  await exportControlLogs(parts);
  return taken.written;
}

type Taken = { sample: Awaited<ReturnType<typeof sampleRecords>>; written: WrittenExport };

async function verifyAndKeep(parts: ExportParts, { sample, written }: Taken): Promise<void> {
  const { deployment, db, places, controlLog, log } = parts;
  const { root } = parts.tree.parts;
  const { index, verified } = await verifyExport(written, sample, {
    places,
    root,
    deployment,
    controlLog,
  });
  await markVerified(db, { digest: written.digest, index });
  log.info('an export of the key tree was restored and verified', {
    count: verified.opened,
    size: written.bytes,
  });
  for (const place of places) await removeOldExports(place, written.name);
}

async function exportControlLogs({ places, controlFiles, log }: ExportParts): Promise<void> {
  const reportFault = faultReporter(log);
  const exporting = places.map((place) =>
    exportControlLog(place, controlFiles).catch((error: unknown) => reportFault(place.name, error)),
  );
  await Promise.all(exporting);
}

/** The alarm. A place is named by its number, never by its path. */
function faultReporter(log: Logger): (place: string, error: unknown) => void {
  return (peer, error) =>
    log.error('a place for exports does not take them', { peer, ...safeFacts(error) });
}
