import type { Table } from '@mnv/register-document';
import type { DeliveredCertificate } from '../certificates/certificate-delivery.repository.ts';
import { subjectOf } from '../retention/retention-act.ts';

/** 別添1 C-b ④: what proves deletions that were outsourced to us, who was handed it and who acknowledged it. */
export function certificatesTable(certificates: AsyncIterable<DeliveredCertificate>): Table {
  return {
    columns: [
      { head: '証明書番号', width: 44, align: 'right' },
      { head: '通番', width: 34, align: 'right' },
      { head: '廃棄ID', width: 86 },
      { head: '案件', width: 84 },
      { head: '件数', width: 34, align: 'right' },
      { head: '発行日時', width: 92 },
      { head: '証明書のハッシュ', width: 98 },
      { head: '交付を受けた者', width: 70 },
      { head: '交付日時', width: 58 },
      { head: '受領を確認した者', width: 70 },
      { head: '確認日時', width: 92 },
    ],
    rows: rowsOf(certificates),
  };
}

async function* rowsOf(certificates: AsyncIterable<DeliveredCertificate>) {
  for await (const one of certificates) {
    const { tenantNumber, number, disposalId, caseId, count, deliveries, acknowledgement } = one;
    yield [
      String(tenantNumber),
      String(number),
      disposalId,
      caseId,
      String(count),
      one.issuedAt,
      one.hash,
      deliveries.map(({ to }) => subjectOf(to)).join(' '),
      deliveries.map(({ at }) => at).join(' '),
      acknowledgement ? subjectOf(acknowledgement.by) : '',
      acknowledgement?.at ?? '',
    ];
  }
}
