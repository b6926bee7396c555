import { Refusal } from '@mnv/core';
import type { ControlEvent } from '@mnv/protocol';
import type { NamedDisposal } from './disposal-dependencies.ts';
import type { Disposal } from './disposal.ts';
import { requireDisposal } from './require-disposal.ts';

export type RecordCertificate = (named: NamedDisposal, certificate: string) => Promise<number>;

/**
 * Records that a certificate was issued, by its digest; a repeat answers the same place. A crash between the
 * entry and what remembers it makes a second entry of the same, which says nothing else.
 * @throws Refusal `disposal-closed` before the epoch is over
 */
export function makeRecordCertificate(deps: {
  findDisposal(named: NamedDisposal): Promise<Disposal | undefined>;
  record(event: ControlEvent): Promise<number>;
  findCertificate(disposalId: string, certificate: string): Promise<number | undefined>;
  keepCertificate(disposalId: string, certificate: string, index: number): Promise<void>;
}): RecordCertificate {
  return async (named, certificate) => {
    const { state, batchHash: batch, disposalId } = await requireDisposal(named, deps);
    if (state !== 'erased') throw new Refusal('disposal-closed', 'The disposal is not erased yet.');
    const known = await deps.findCertificate(disposalId, certificate);
    if (known !== undefined) return known;
    const index = await deps.record({ op: 'certificate.issued', batch, certificate });
    await deps.keepCertificate(disposalId, certificate, index);
    return index;
  };
}
