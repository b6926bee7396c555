import { batchHashOf, manifestHashOf } from '@mnv/protocol';
import type { DisposalCertificate } from './certificate-format.ts';
import { judging } from './findings.ts';
import type { ClaimVerdict } from './findings.ts';
import type { ProvenEntries } from './proven-entries.ts';

/** P4: the records listed are the batch that people approved, and the epoch's intent holds it. */
export function judgeBatch(
  { items, batch, epoch: { manifest } }: DisposalCertificate,
  proven: ProvenEntries | undefined,
): ClaimVerdict {
  const judge = judging('P4');
  const ids = items.map(({ recordId }) => recordId);
  const hash = hashOf(ids);
  judge.expect(hash === batch.hash && ids.length === batch.count, 'batch-differs');
  const seen = new Set<string>();
  for (const id of ids) {
    judge.expect(!seen.has(id), 'record-repeated', id);
    seen.add(id);
  }
  judge.expect(new Set(manifest.leaves).size === manifest.leaves.length, 'record-repeated');
  judge.expect(manifest.leaves[manifest.at] === batch.hash, 'manifest-differs');
  if (proven === undefined) judge.find('entry-unproven');
  else {
    const { requested, approved, intent } = proven;
    judge.expect(requested.cnt === ids.length, 'batch-differs', requested.op);
    for (const entry of [requested, ...approved])
      judge.expect(entry.batch === hash, 'batch-differs', entry.op);
    judge.expect(
      manifestHashOf(manifest.leaves) === intent.manifest,
      'manifest-differs',
      intent.op,
    );
    judge.expect(intent.cnt >= ids.length, 'manifest-differs', intent.op);
  }
  return judge.verdict();
}

/** Undefined for ids that are not distinct, which is found by itself. */
function hashOf(ids: readonly string[]): string | undefined {
  return new Set(ids).size === ids.length ? batchHashOf(ids) : undefined;
}
