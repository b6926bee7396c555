/** Operations of the access log that handle a number or what is known of one (利用・出力), in words. */
export const HANDLING: ReadonlyMap<string, string> = new Map([
  ['store', '取得・保管'],
  ['change-number', '番号変更'],
  ['disclose', '利用・提供'],
  ['disclose-superseded', '旧番号の利用・提供'],
  ['store-identity-document', '本人確認書類の写しの保管'],
  ['disclose-identity-document', '本人確認書類の写しの参照'],
  ['list-identity-documents', '本人確認書類の写しの一覧'],
  ['find', '検索'],
  ['read', '記録の参照'],
  ['match', '照合'],
  ['fill', '書類への記載'],
]);
