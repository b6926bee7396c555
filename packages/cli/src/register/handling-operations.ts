/** Operations of the access log that handle a number or what is known of one (利用・出力). */
export const HANDLING: ReadonlySet<string> = new Set([
  'store',
  'change-number',
  'disclose',
  'disclose-superseded',
  'store-identity-document',
  'disclose-identity-document',
  'list-identity-documents',
  'find',
  'read',
  'match',
  'fill',
]);
