import type { KeptCarriedItem } from '@mnv/client';
import type { MakeRegister } from './register-rows.ts';

const MEDIA: Record<string, string> = {
  paper: '書類',
  usb: 'USB メモリ等',
  disc: '光ディスク等',
  device: '端末',
  transmission: '電送',
  other: 'その他',
};
const PROTECTIONS: Record<string, string> = {
  encrypted: '暗号化',
  password: 'パスワード',
  'locked-case': '施錠できる搬送容器',
  'sealed-envelope': '封緘',
  masked: '目隠しシール',
  'agency-method': '行政機関の指定方法',
};
const KINDS: Record<string, string> = { certificate: '証明書', log: '記録', report: '報告書' };

/** C-b ②: 書類・媒体等の持ち運び. What was taken back stays, and says so. */
export const carried: MakeRegister = async (client, { from, to }) => {
  const items = await Array.fromAsync(client.retention.carried({ from, to }));
  return [
    [
      '日付',
      '内容',
      '人数',
      '媒体',
      '保護',
      '封印番号',
      '追跡番号',
      '持ち運んだ者',
      '搬出元',
      '搬出先',
      '承認者',
      '受領日',
      '受領者',
      '取消',
      '記録者',
      '記録ID',
    ],
    ...items.map((one) => [...whatOf(one), ...endOf(one), one.recordedBy, one.id]),
  ];
};

function whatOf(one: KeptCarriedItem): string[] {
  const { seal = '', tracking = '', approvedBy = '' } = one;
  const protections = one.protections.map((name) => PROTECTIONS[name] ?? name).join('・');
  const medium = MEDIA[one.medium] ?? one.medium;
  const thing = [one.on, one.what, String(one.people), medium, protections, seal, tracking];
  return thing.concat([one.carrier, one.from, one.to, approvedBy]);
}

/** The day and the person of the receipt, or why the entry was taken back. */
function endOf({ end }: KeptCarriedItem): string[] {
  if (end === null) return ['', '', ''];
  return end.kind === 'received' ? [end.on, end.remark, ''] : ['', '', end.remark];
}

/** C-b ④: what other subcontractors deleted, and what proves it. Due within the period. */
export const subcontractors: MakeRegister = async (client, { from, to }) => {
  const found = await client.retention.subcontractorDeletions();
  return [
    [
      '委託先',
      '対象',
      '証明の期限',
      '受領',
      '種類',
      '発行者',
      '発行日',
      'ファイルの SHA-256',
      '廃棄ID',
    ],
    ...found
      .filter(({ dueOn }) => dueOn >= from && dueOn <= to)
      .flatMap(({ subcontractor, what, dueOn, certificates }) =>
        certificates.length === 0
          ? [[subcontractor, what, dueOn, '未受領', '', '', '', '', '']]
          : certificates.map((one) => [
              subcontractor,
              what,
              dueOn,
              one.receivedAt,
              KINDS[one.kind] ?? one.kind,
              one.issuer,
              one.issuedOn,
              one.fileSha256,
              one.disposalId ?? '',
            ]),
      ),
  ];
};
