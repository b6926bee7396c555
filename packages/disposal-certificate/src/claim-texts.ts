/** A claim of the certificate, Japanese first. */
export type ClaimText = { id: string; ja: string; en: string };

/** Follows from signatures and hashes alone, offline. */
export const PROVED = [
  {
    id: 'P0',
    ja: 'この証明書は、信頼方針に載る証明書鍵で署名され、定められたただ一つの形式で書かれている。',
    en: 'This certificate is signed by the certificate key that the trust policy names, and written in the one form there is.',
  },
  {
    id: 'P1',
    ja: '廃棄の依頼、二名の承認、消去の予告、新しい根の作成、切替え、遮断、消去の完了が、この順で統制記録に載り、証人の示す時刻より前に存在した。依頼者と承認者は互いに異なる三名であり、いずれもこの委託元の記録について行った。承認は消去の予告の前十四日以内である。',
    en: 'The request, two approvals, the intent, the making of the new root, the flip, the fence and the end of the erasure stand in the control log in this order, and existed before the times its witnesses state. Requester and approvers are three different persons, and each acted for this tenant’s records; the approvals are at most 14 days older than the intent.',
  },
  {
    id: 'P2',
    ja: '各記録の鍵の位置は、消去前の地図では LIVE であり、消去後の地図では同じ鍵の約束値のまま ERASED である。',
    en: 'The position of every record’s key is LIVE in the map before the erasure, and ERASED in the map after it under the same key commitment.',
  },
  {
    id: 'P3',
    ja: '各記録へ至る道筋にあるすべての鍵の約束値と、根の版とが、消去の前後で異なる。',
    en: 'The commitment of every key on the way to each record, and the root version, are others after the erasure than before.',
  },
  {
    id: 'P4',
    ja: '明細の記録は、依頼され承認された一括そのもの（順序・件数とも同じ）であり、その一括は消去の予告に含まれる。',
    en: 'The records listed are exactly the batch that was requested and approved, in order and number, and the batch is among those of the intent.',
  },
  {
    id: 'P5',
    ja: '廃棄前に各記録の番号が開示され、または開示されたかもしれない回数と相手は、金庫の開示控えのとおりである。証明書には署名付きで記載される。アクセス記録と照合したときに限り、証明される。',
    en: 'How often each record’s number was released before its disposal, or may have been, and to whom, is as the vault’s release rows say. The certificate states it under its signature; it is proved only when compared with the access log.',
  },
  {
    id: 'P6',
    ja: '統制記録の全体が規則どおりである。一回の消去につき切替えは一度、破棄された根の下での封はなく、承認の後に保全の報告はなく、根は古い順に破棄され、消去前の鍵の木に戻されたことはなく、この証明書の発行が記録されている。記録の全体を再生したときに限り、証明される。',
    en: 'The whole control log keeps the rules: one flip for each epoch, nothing sealed under a destroyed root, no hold after the approvals, roots destroyed oldest first, no return to a key tree from before the erasure, and the issue of this certificate recorded. It is proved only when the whole log is replayed.',
  },
] as const;

/** Follows if something holds that no computation can show. */
export const CONDITIONAL = [
  {
    id: 'C1',
    ja: '記載した根の版のうち新しい版を除くすべてが破棄され、鍵が無作為であり、記録されない封や持出しがなかったならば、データベースの控え・WAL・複製・ダンプは、いつ取られたものでも、これらの記録の番号を得る役に立たない（AES-256、HMAC-SHA-512、GCM の安全性を仮定する）。段階「erased」では古い根の版がまだ存在しうる。その版と消去前の控えとを併せ持つ者は、番号を復元できる。',
    en: 'If every root version listed but the new one is destroyed, keys were random, and no seal or export took place outside the log, then no backup, WAL segment, replica or dump of the database, whenever taken, is of any use for the numbers of these records (assuming AES-256, HMAC-SHA-512 and GCM). At stage “erased” old root versions may still exist: whoever has one of them and a copy from before the erasure can recover the numbers.',
  },
  {
    id: 'C2',
    ja: '根の保管者の証拠が、根の破棄と、記録されない封がないことを裏付ける。この段階の証明書には、その証拠は含まれない。保証の度合いが none の根（ファイル）は、この裏付けを与えることができない。',
    en: 'Evidence of the roots’ custodian supports that they are destroyed and that no seal went unlogged. A certificate of this stage contains none of it. A root whose assurance is none (a file) can never give it.',
  },
] as const;

/** Cannot be shown by anybody, and is said so. */
export const NOT_PROVABLE = [
  {
    id: 'N1',
    ja: '番号・記録の鍵・最上位の鍵が、消去の前に誰かに写し取られていないこと。',
    en: 'That nobody copied a number, a record’s key or the top key while it was alive.',
  },
  {
    id: 'N2',
    ja: '根の保管者が、根の写しを密かに残していないこと。',
    en: 'That the custodian of the roots kept no secret copy.',
  },
  {
    id: 'N3',
    ja: '印刷物、出力ファイル、利用側に残る写しがないこと。誰に尋ねるべきかは、開示の記載が示す。',
    en: 'That there are no prints, exported files or copies on the clients’ side. The releases listed tell whom to ask.',
  },
  {
    id: 'N4',
    ja: 'サービスの再起動までに、メモリ上に平文の断片が残っていないこと。',
    en: 'That no remnant of a number was left in memory until the services restarted.',
  },
] as const;
