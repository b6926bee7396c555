import type { KeyTree } from '@mnv/erasure-tree';
import { UnopenableError, openDocument, sealDocument } from '@mnv/erasure-tree';
import { Refusal } from '@mnv/core';
import type { KeyTreeTransaction } from '../key-tree.repository.ts';

/** Which copy, and the position of its record's key. */
export type DocumentPlace = {
  tenantId: string;
  recordId: string;
  documentId: string;
  position: number;
};

export type DocumentKeyDependencies = { tree: KeyTree<KeyTreeTransaction>; deployment: string };

/** Seals copies under the keys of their records, and opens them. */
export function makeDocumentKeys({ tree, deployment }: DocumentKeyDependencies) {
  async function keyOf({ tenantId, position }: DocumentPlace, trx?: KeyTreeTransaction) {
    const dek = (await tree.keysOf(tenantId, [position], trx)).get(position);
    if (!dek) throw new Refusal('already-disposed', 'The key of this record is erased.');
    return dek;
  }
  return {
    async seal(place: DocumentPlace, content: Buffer, trx: KeyTreeTransaction): Promise<Buffer> {
      return sealDocument({ dek: await keyOf(place, trx), aad: { deployment, ...place } }, content);
    },
    /** Throws Refusal `already-disposed`, `record-damaged`. */
    async open(place: DocumentPlace, sealed: Buffer, trx?: KeyTreeTransaction): Promise<Buffer> {
      try {
        return openDocument(
          { dek: await keyOf(place, trx), aad: { deployment, ...place } },
          sealed,
        );
      } catch (error) {
        if (!(error instanceof UnopenableError)) throw error;
        throw new Refusal('record-damaged', 'The stored copy does not open.');
      }
    },
  };
}

export type DocumentKeys = ReturnType<typeof makeDocumentKeys>;
