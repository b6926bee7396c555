import { LOG_FAULT_TEXTS } from './log-fault-texts.ts';

/** What a certificate can have wrong, in words. */
export const FINDING_TEXTS = {
  ...LOG_FAULT_TEXTS,
  malformed: {
    ja: '証明書の定められた形式ではない。',
    en: 'It is not a certificate in its one exact form.',
  },
  'signature-invalid': {
    ja: '信頼方針の証明書鍵による署名ではない。',
    en: 'It is not signed by the certificate key of the trust policy.',
  },
  'checkpoint-not-accepted': {
    ja: '統制記録の頭を、信頼方針が受け入れない（署名または証人の不足）。',
    en: 'The trust policy does not accept the checkpoint of the control log: its signature, or too few witnesses.',
  },
  'entry-unproven': {
    ja: '統制記録の記載が、その頭の下に証明されない。',
    en: 'An entry of the control log is not proved under its checkpoint.',
  },
  'entry-malformed': {
    ja: '統制記録の記載が、定められた形式ではない。',
    en: 'An entry of the control log is not in its one exact form.',
  },
  'entry-differs': {
    ja: '統制記録の記載が、証明書の述べる内容と異なる。',
    en: 'An entry of the control log does not say what the certificate says.',
  },
  'order-broken': {
    ja: '記載の順序または時刻が、手順どおりではない。',
    en: 'The entries or their times are not in the order of the procedure.',
  },
  'person-unopened': {
    ja: '依頼者もしくは承認者、または委託元の記載が、統制記録の約束値に合わない。',
    en: 'A person named, for this tenant, does not open the commitment in the control log.',
  },
  'persons-not-distinct': {
    ja: '依頼者と承認者が、互いに異なる三名ではない。',
    en: 'Requester and approvers are not three different persons.',
  },
  'approval-expired': {
    ja: '承認が、消去の予告の十四日より前である。',
    en: 'An approval is more than 14 days older than the intent.',
  },
  'after-witness': {
    ja: '証人の示す時刻より後の時刻が記されている。',
    en: 'It states a time later than the time a witness states.',
  },
  'issued-before-erased': {
    ja: '発行の時刻が、消去の完了より前である。',
    en: 'It was issued before the erasure had ended.',
  },
  'map-differs': {
    ja: '地図の頭が、統制記録に記されたものと異なる。',
    en: 'The head of a map is not the one the control log carries.',
  },
  'not-live-before': {
    ja: '消去前の地図で、すべての位置が LIVE であるとは証明されない。',
    en: 'The map before does not prove every position LIVE.',
  },
  'not-erased-after': {
    ja: '消去後の地図で、すべての位置が ERASED であるとは証明されない。',
    en: 'The map after does not prove every position ERASED.',
  },
  'key-unchanged': {
    ja: '道筋の鍵の約束値が、消去の前後で同じである。',
    en: 'The commitment of a key on the way is the same before and after.',
  },
  'root-unchanged': {
    ja: '根の版または回が、消去の前後で変わっていない。',
    en: 'The root version or the epoch is not another one after than before.',
  },
  'batch-differs': {
    ja: '明細の記録が、依頼・承認された一括と異なる。',
    en: 'The records listed are not the batch that was requested and approved.',
  },
  'record-repeated': {
    ja: '同じ記録が二度記載されている。',
    en: 'A record or a batch is listed twice.',
  },
  'manifest-differs': {
    ja: '一括が、消去の予告の対象に含まれていない。',
    en: 'The batch is not among those of the intent.',
  },
  'egress-inconsistent': {
    ja: '開示の記載が、それ自体矛盾している。',
    en: 'What is said of the releases contradicts itself.',
  },
  'egress-incomplete': {
    ja: 'アクセス記録にある開示が、証明書に記載されていない。',
    en: 'The access log has a release that the certificate does not state.',
  },
  'egress-unlogged': {
    ja: '証明書に記載された開示が、アクセス記録にない。',
    en: 'The certificate states a release that the access log does not have.',
  },
  'log-unreadable': {
    ja: '統制記録またはアクセス記録を、最後まで読んで確かめることができない。',
    en: 'The log given cannot be read and verified to its end.',
  },
  'log-other': {
    ja: '与えられた記録は、証明書の対象の記録ではない。',
    en: 'The log given is not the one the certificate is about.',
  },
  'log-older': {
    ja: '与えられた統制記録は、証明書より古い。',
    en: 'The control log given is older than the certificate.',
  },
  'log-contradicts': {
    ja: '与えられた統制記録は、証明書の頭の続きではない。歴史が書き換えられている。',
    en: 'The control log given does not continue the certificate’s checkpoint: history was rewritten.',
  },
  'clock-went-back': {
    ja: '記載の時刻が、前の記載より古い。',
    en: 'An entry is older than the one before it.',
  },
  'issue-unrecorded': {
    ja: 'この証明書の発行が、統制記録に記録されていない。',
    en: 'The issue of this certificate is not recorded in the control log.',
  },
  'restore-unlogged': {
    ja: '証明書の述べるデータベースの復元が、統制記録にない。',
    en: 'The control log knows no restore of the database at the time the certificate states.',
  },
  'roots-differ': {
    ja: '根の一覧が、それ自体または統制記録と食い違う。',
    en: 'The roots listed contradict themselves or the control log.',
  },
  'tenant-differs': {
    ja: '証明書は、別の委託元のものである。',
    en: 'The certificate is for another tenant.',
  },
  'nothing-checked': {
    ja: '確かめる対象が一つもなかった。',
    en: 'There was nothing to check.',
  },
} as const;
