import type { Table } from '@mnv/register-document';
import type { SubcontractorDeletion } from '../retention/subcontractors/subcontractor-deletion.ts';

type Proof = SubcontractorDeletion['certificates'][number];

const KINDS: Readonly<Record<Proof['kind'], string>> = {
  certificate: '証明書',
  log: '記録',
  report: '報告書',
};
const NO_PROOF = ['未受領', '', '', '', '', ''];

/** 別添1 C-b ④: what other subcontractors deleted, and what proves it. */
export function subcontractorsTable(deletions: AsyncIterable<SubcontractorDeletion>): Table {
  return {
    columns: [
      { head: '委託先', width: 88 },
      { head: '対象', width: 122 },
      { head: '証明の期限', width: 58 },
      { head: '受領', width: 92 },
      { head: '種類', width: 40 },
      { head: '発行者', width: 82 },
      { head: '発行日', width: 58 },
      { head: 'ファイルの SHA-256', width: 136 },
      { head: '廃棄ID', width: 90 },
    ],
    rows: rowsOf(deletions),
  };
}

async function* rowsOf(deletions: AsyncIterable<SubcontractorDeletion>) {
  for await (const { subcontractor, what, dueOn, certificates } of deletions) {
    const proofs = certificates.length === 0 ? [NO_PROOF] : certificates.map(proofOf);
    for (const proof of proofs) yield [subcontractor, what, dueOn, ...proof];
  }
}

function proofOf({ receivedAt, kind, issuer, issuedOn, fileSha256, disposalId = '' }: Proof) {
  return [receivedAt, KINDS[kind], issuer, issuedOn, fileSha256, disposalId];
}
