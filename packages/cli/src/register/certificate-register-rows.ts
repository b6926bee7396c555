import { isWithin } from './is-within.ts';
import type { MakeRegister } from './register-rows.ts';

/** C-b ④: what proves deletions that were outsourced to us, who was handed it and who has acknowledged it. */
export const certificates: MakeRegister = async (client, period) => {
  const found = await client.disposals.certificates();
  return [
    [
      '証明書番号',
      '通番',
      '廃棄ID',
      '案件',
      '件数',
      '発行日時',
      '証明書のハッシュ',
      '交付を受けた者',
      '交付日時',
      '受領を確認した者',
      '確認日時',
    ],
    ...found
      .filter(({ issuedAt }) => isWithin(period, issuedAt))
      .toReversed()
      .map((one) => [
        String(one.tenantNumber),
        String(one.number),
        one.disposalId,
        one.caseId,
        String(one.count),
        one.issuedAt,
        one.hash,
        one.deliveries.map(({ to: whom }) => whom).join(' '),
        one.deliveries.map(({ at }) => at).join(' '),
        one.acknowledgement?.by ?? '',
        one.acknowledgement?.at ?? '',
      ]),
  ];
};
