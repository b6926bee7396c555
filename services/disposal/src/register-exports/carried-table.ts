import type { Table } from '@mnv/register-document';
import type { KeptCarriedItem } from '../retention/carried/carried-item.ts';
import { subjectOf } from '../retention/retention-act.ts';

const MEDIA: Readonly<Record<KeptCarriedItem['medium'], string>> = {
  paper: '書類',
  usb: 'USB メモリ等',
  disc: '光ディスク等',
  device: '端末',
  transmission: '電送',
  other: 'その他',
};
const PROTECTIONS: Readonly<Record<KeptCarriedItem['protections'][number], string>> = {
  encrypted: '暗号化',
  password: 'パスワード',
  'locked-case': '施錠できる搬送容器',
  'sealed-envelope': '封緘',
  masked: '目隠しシール',
  'agency-method': '行政機関の指定方法',
};

/** 別添1 C-b ②: 書類・媒体等の持ち運び. What was taken back stays, and says so. */
export function carriedTable(items: AsyncIterable<KeptCarriedItem>): Table {
  return {
    columns: [
      { head: '日付', width: 58 },
      { head: '内容', width: 66 },
      { head: '人数', width: 32, align: 'right' },
      { head: '媒体', width: 40 },
      { head: '保護', width: 56 },
      { head: '封印番号', width: 38 },
      { head: '追跡番号', width: 44 },
      { head: '持ち運んだ者', width: 48 },
      { head: '搬出元', width: 42 },
      { head: '搬出先', width: 42 },
      { head: '承認者', width: 40 },
      { head: '受領日', width: 58 },
      { head: '受領者', width: 50 },
      { head: '取消', width: 34 },
      { head: '記録者', width: 69 },
      { head: '記録ID', width: 46 },
    ],
    rows: rowsOf(items),
  };
}

async function* rowsOf(items: AsyncIterable<KeptCarriedItem>) {
  for await (const one of items)
    yield [...whatOf(one), ...endOf(one), subjectOf(one.recordedBy), one.id];
}

function whatOf(one: KeptCarriedItem): string[] {
  const { seal = '', tracking = '', approvedBy = '' } = one;
  const protections = one.protections.map((name) => PROTECTIONS[name]).join('・');
  const thing = [one.on, one.what, String(one.people), MEDIA[one.medium], protections];
  return [...thing, seal, tracking, one.carrier, one.from, one.to, approvedBy];
}

/** The day and the person of the receipt, or why the entry was taken back. */
function endOf({ end }: KeptCarriedItem): string[] {
  if (end === null) return ['', '', ''];
  return end.kind === 'received' ? [end.on, end.remark, ''] : ['', '', end.remark];
}
