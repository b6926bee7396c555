import type { TileLog } from '@mnv/transparency-log';
import type { DisposalCertificate } from './certificate-format.ts';
import { asText } from './certificate-map.ts';

/** Reads entries of the control log with their proofs under its checkpoint, which witnesses must have cosigned. */
export async function controlProofs(
  log: TileLog,
  indices: readonly number[],
): Promise<DisposalCertificate['log']> {
  const entries: DisposalCertificate['log']['entries'] = [];
  for (const index of indices) {
    const [proof, entry] = [await log.inclusionProof(index), await entryAt(log, index)];
    entries.push({ index, entry: asText(entry), proof: proof.map(asText) });
  }
  return { origin: log.checkpoint.origin, checkpoint: log.note, entries };
}

async function entryAt(log: TileLog, index: number): Promise<Uint8Array> {
  for await (const entry of log.entries(index, index + 1)) return entry;
  throw new RangeError('the log does not reach that far');
}
