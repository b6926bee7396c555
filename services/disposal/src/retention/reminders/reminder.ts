import type { LegalDay } from '@mnv/bango-ho';

/** What somebody is reminded of: a task of a tenant, in counts. It names no person, record or number. */
export type Reminder = {
  reminderId: string;
  tenantId: string;
  topic: string;
  count: number;
  openedOn: LegalDay;
  /** 0 the first time; one more for each thirty days the task stays open. */
  round: number;
};

/** Hands a reminder over. Resolves once the other side has taken it; throws otherwise. */
export type DeliverReminder = (reminder: Reminder) => Promise<void>;

/** A way to people: by mail, or by a signed message to another system. */
export type ReminderChannel = { deliver: DeliverReminder; close(): Promise<void> };

const WORDS: Readonly<Record<string, string>> = {
  overdue: '廃棄期限を過ぎた番号',
  book: '帳簿（扶養控除等申告書の番号省略）の利用の判断',
  'contract-end': '契約終了後の番号の取扱いの判断',
  'missing/omission': '番号を省略した申告書の登録漏れ',
  'missing/ground': '保管の根拠が登録されていない番号',
  'not-computable': '期限を計算できない番号',
  orphan: '本人の記録がない扶養親族等の番号',
  recall: '廃棄手続中だが期限前となった番号',
  documents: '廃棄できる書類',
  'hold-review': '見直し期日を迎えた法的保全',
  'law-adoption': '採用を待つ法令表の新しい版',
  'certificate-undelivered': '受け取られていない廃棄証明書',
  'certificate-unacknowledged': '受領確認のない廃棄証明書',
  'subcontractor-certificate': '届いていない委託先の証明',
  'carried-unreceived': '受領の記録がない持ち運び',
};

/** What a topic is called among people. */
export function wordsOf(topic: string): string {
  const words = WORDS[topic];
  if (words !== undefined) return words;
  return topic.startsWith('rule/') ? `法令の確認が要る規則 ${topic.slice(5)}` : topic;
}
