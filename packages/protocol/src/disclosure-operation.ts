/**
 * What a request may ask to be disclosed. `disclose`: the number in use. `disclose-superseded`: one that was
 * changed since, for a form that was filed with it; purpose and case say which.
 */
export const DISCLOSURE_OPERATIONS = ['disclose', 'disclose-superseded'] as const;
export type DisclosureOperation = (typeof DISCLOSURE_OPERATIONS)[number];

/** Whether a text is one of them. */
export function isDisclosureOperation(text: string): text is DisclosureOperation {
  return DISCLOSURE_OPERATIONS.some((one) => one === text);
}
