import { decodeControlEntry } from '@mnv/protocol';
import type { ControlEntry, ControlOperation } from '@mnv/protocol';
import { leafHash, verifyInclusion } from '@mnv/transparency-log';
import type { AcceptedCheckpoint, Policy } from '@mnv/transparency-log';
import type { DisposalCertificate } from './certificate-format.ts';
import { asBytes } from './certificate-map.ts';
import type { Judging } from './findings.ts';

type EntryOf<Op extends ControlOperation> = Extract<ControlEntry, { op: Op }>;

/** The entries a certificate rests on, each proven under the checkpoint and of the operation it must be. */
export type ProvenEntries = {
  readonly checkpoint: AcceptedCheckpoint;
  readonly requested: EntryOf<'disposal.requested'>;
  readonly approved: readonly [EntryOf<'disposal.approved'>, EntryOf<'disposal.approved'>];
  readonly intent: EntryOf<'erasure.intent'>;
  readonly rootCreated: EntryOf<'root.created'>;
  readonly flipped: EntryOf<'erasure.flipped'>;
  readonly fenced: EntryOf<'erasure.fenced'>;
  readonly erased: EntryOf<'erasure.erased'>;
};

type Log = DisposalCertificate['log'];

/**
 * Opens the certificate's checkpoint under the policy and proves its entries. Undefined when one is missing, is
 * not what it must be, or is not proven: then nothing that rests on them can hold.
 */
export function provenEntries(
  { log, indices, deployment }: Pick<DisposalCertificate, 'log' | 'indices' | 'deployment'>,
  { policy, judge }: { policy: Policy; judge: Judging },
): ProvenEntries | undefined {
  const checkpoint = acceptedCheckpoint(log, { policy, deployment });
  if (!judge.expect(checkpoint !== undefined, 'checkpoint-not-accepted')) return undefined;
  const entries = readEntries(log, { checkpoint: checkpoint as AcceptedCheckpoint, judge });
  if (entries === undefined) return undefined;
  const at = <Op extends ControlOperation>(index: number, op: Op): EntryOf<Op> => {
    const entry = entries.get(index);
    if (entry?.op !== op) throw new MissingEntryError(op);
    return entry as EntryOf<Op>;
  };
  try {
    return { checkpoint: checkpoint as AcceptedCheckpoint, ...inTheirRoles(indices, at) };
  } catch (error) {
    if (!(error instanceof MissingEntryError)) throw error;
    judge.find('entry-differs', error.message);
    return undefined;
  }
}

class MissingEntryError extends Error {}

type At = <Op extends ControlOperation>(index: number, op: Op) => EntryOf<Op>;

function inTheirRoles(
  indices: DisposalCertificate['indices'],
  at: At,
): Omit<ProvenEntries, 'checkpoint'> {
  const [first = -1, second = -1] = indices.approved;
  return {
    requested: at(indices.requested, 'disposal.requested'),
    approved: [at(first, 'disposal.approved'), at(second, 'disposal.approved')],
    intent: at(indices.intent, 'erasure.intent'),
    rootCreated: at(indices.rootCreated, 'root.created'),
    flipped: at(indices.flipped, 'erasure.flipped'),
    fenced: at(indices.fenced, 'erasure.fenced'),
    erased: at(indices.erased, 'erasure.erased'),
  };
}

function acceptedCheckpoint(
  { origin, checkpoint }: Log,
  { policy, deployment }: { policy: Policy; deployment: string },
): AcceptedCheckpoint | undefined {
  if (origin !== `${deployment}/control`) return undefined;
  try {
    return policy.verify(checkpoint, { origin });
  } catch {
    return undefined;
  }
}

function readEntries(
  { entries }: Log,
  { checkpoint: { size, root }, judge }: { checkpoint: AcceptedCheckpoint; judge: Judging },
): Map<number, ControlEntry> | undefined {
  const read = new Map<number, ControlEntry>();
  for (const { index, entry, proof } of entries) {
    const bytes = asBytes(entry);
    const claim = { index, size, leafHash: leafHash(bytes), root, proof: proof.map(asBytes) };
    const isProven = judge.expect(verifyInclusion(claim), 'entry-unproven', String(index));
    const decoded = isProven ? decodedEntry(bytes) : undefined;
    if (decoded && read.has(index)) judge.find('order-broken', String(index));
    if (decoded) read.set(index, decoded);
    else if (isProven) judge.find('entry-malformed', String(index));
  }
  return read.size === entries.length ? read : undefined;
}

function decodedEntry(bytes: Uint8Array): ControlEntry | undefined {
  try {
    return decodeControlEntry(bytes);
  } catch {
    return undefined;
  }
}
