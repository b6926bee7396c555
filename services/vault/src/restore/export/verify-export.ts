import { readTreeExport, verifyTreeExport } from '@mnv/erasure-tree';
import type { RootProvider, SampledRecord, VerifiedExport } from '@mnv/erasure-tree';
import type { ControlLog } from '../../control/control-log.ts';
import type { WrittenExport } from './export-key-tree.ts';
import type { ExportPlace } from './export-place.ts';

export class ExportDiffers extends Error {
  override readonly name = 'ExportDiffers';
}

export type VerifyDependencies = {
  places: readonly ExportPlace[];
  root: RootProvider;
  deployment: string;
  controlLog: Pick<ControlLog, 'append'>;
};

/**
 * Restores an export from the first place in memory, opens the sample, and compares every other place with it
 * byte for byte. Opening numbers without a ticket is written down before, and that it succeeded after.
 * Answers the index of that entry.
 */
export async function verifyExport(
  written: WrittenExport,
  sample: readonly SampledRecord[],
  deps: VerifyDependencies,
): Promise<{ index: number; verified: VerifiedExport }> {
  const { places, root, deployment, controlLog } = deps;
  const living = sample.filter(({ blob }) => blob !== undefined).length;
  if (living > 0)
    await controlLog.append([{ op: 'internal.opened', reason: 'restore-drill', cnt: living }]);
  const [first, ...others] = places;
  if (first === undefined) throw new ExportDiffers('an export has no place');
  const options = { root, deployment, sample };
  const verified = await verifyTreeExport(readTreeExport(first.read(written.name)), options);
  requireSame(verified.end.digest, written.digest);
  for (const place of others) await requireThere(place, written);
  const recorded = await controlLog.append([
    {
      op: 'restore.verified',
      epoch: written.epoch,
      export: written.digest.toString('base64url'),
      cnt: verified.opened,
    },
  ]);
  return { index: recorded?.first ?? 0, verified };
}

/** Reads an export through to its end. Throws unless it is the one that was written. */
export async function requireThere(
  place: ExportPlace,
  { name, digest }: Pick<WrittenExport, 'name' | 'digest'>,
): Promise<void> {
  for await (const part of readTreeExport(place.read(name))) {
    if (part.part === 'end') requireSame(part.end.digest, digest);
  }
}

function requireSame(found: Buffer, wanted: Buffer): void {
  if (!found.equals(wanted))
    throw new ExportDiffers('a place holds another export than was written');
}
