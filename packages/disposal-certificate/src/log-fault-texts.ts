/** What a control log as a whole can do wrong. */
export const LOG_FAULT_TEXTS = {
  'root-went-back': {
    ja: '根の版が、前の版より新しくない。',
    en: 'The root version is not newer than the one before it.',
  },
  'root-unknown': {
    ja: '記録にない根の版が扱われている。',
    en: 'It is about a root version that the log never named.',
  },
  'root-in-use-retired': {
    ja: '使用中の根の版が、停止または破棄されている。',
    en: 'The root version in use is disabled or destroyed.',
  },
  'root-destroyed-before': {
    ja: '根の版は、すでに破棄されていた。',
    en: 'The root version was destroyed before.',
  },
  'root-outside-epoch': {
    ja: '消去の回に属さない根の版が作られた。',
    en: 'A root version was made outside an epoch.',
  },
  'destroyed-without-copy': {
    ja: '新しい鍵の木の控えの復元が確かめられないまま、根の破棄が命じられた。',
    en: 'A root’s destruction was ordered before a copy of a younger key tree had been restored.',
  },
  'destroyed-out-of-order': {
    ja: '古い根より先に、新しい根が破棄されている。',
    en: 'A root was destroyed before an older one.',
  },
  'destroyed-early': {
    ja: '命じられた時より前に、または命令なしに、根が破棄された。',
    en: 'A root was destroyed before the time ordered, or without an order.',
  },
  'epochs-overlap': {
    ja: '前の消去の回が終わらないうちに、次の回が始まった。',
    en: 'An epoch began before the one before it had ended.',
  },
  'epoch-went-back': {
    ja: '消去の回の番号が戻っている。',
    en: 'The number of the epoch is not greater than those before.',
  },
  'intent-under-other-root': {
    ja: '消去の予告が、使用中でない根の版を示す。',
    en: 'The intent names a root version that is not in use.',
  },
  'flip-out-of-order': {
    ja: '切替えが、予告された回の一度きりの切替えではない。',
    en: 'The flip is not the one flip of an announced epoch.',
  },
  'flip-to-other-root': {
    ja: '切替え先が、その回のために作られた根の版ではない。',
    en: 'The flip is to another root version than the one made for the epoch.',
  },
  'sealed-under-dead-root': {
    ja: '停止または破棄された根の版の下で、鍵の木が封じられた。',
    en: 'The key tree was sealed under a root version that is disabled or destroyed.',
  },
  'fence-out-of-order': {
    ja: '遮断が、切替えの後に一度だけ行われていない。',
    en: 'The fence does not follow the flip of its epoch.',
  },
  'fence-of-nobody': {
    ja: '遮断を確かめた稼働体が一つもない。',
    en: 'No instance confirmed the fence.',
  },
  'end-out-of-order': {
    ja: '消去の完了が、遮断の後に記録されていない。',
    en: 'The end of the epoch does not follow its fence.',
  },
  'abort-out-of-order': {
    ja: '取りやめが、切替えより前の回に対するものではない。',
    en: 'What was given up is not an epoch before its flip.',
  },
  'old-root-in-use': {
    ja: '消去の完了の時点で、前の根の版が停止されていない。',
    en: 'The epoch ended while the root version before it was not disabled.',
  },
  'count-differs': {
    ja: '鍵の数が、予告または一括と一致しない。',
    en: 'The number of keys is not that of the intent or of its batches.',
  },
  'tree-set-back': {
    ja: '鍵の木が、以前の回の状態に戻された。',
    en: 'The key tree was set back to an earlier epoch.',
  },
  'batch-unknown': {
    ja: '依頼されていない一括が扱われている。',
    en: 'It is about a batch that nobody requested.',
  },
  'batch-erased-before': {
    ja: '消去の予告の後に、その一括への依頼・保全・中止・再度の消去がある。',
    en: 'The batch was requested, held, stopped or erased again after its erasure was announced.',
  },
  'approvals-missing': {
    ja: '消去された一括に、十四日以内の、保全の報告より後の承認が二つない。',
    en: 'A batch was erased without two approvals of the last 14 days and after the last hold.',
  },
} as const;

export type LogFaultCode = keyof typeof LOG_FAULT_TEXTS;
