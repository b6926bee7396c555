/** What a signed request says, by its payload alone: for a scripted server, which trusts everybody. */
export function unverifiedRequest(jws: string): { rid: string; purpose: string; caseId: string } {
  const payload = Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString();
  const { rid, pur, case: caseId } = JSON.parse(payload) as Record<string, string>;
  return { rid: rid ?? '', purpose: pur ?? '', caseId: caseId ?? '' };
}
