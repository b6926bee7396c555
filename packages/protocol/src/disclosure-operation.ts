/**
 * What a request may ask to be disclosed of a number. `disclose`: the number in use. `disclose-superseded`: one
 * that was changed since, for a form that was filed with it; purpose and case say which.
 */
export const NUMBER_DISCLOSURES = ['disclose', 'disclose-superseded'] as const;
/**
 * A copy of an identity document, for the verification it was taken for. Such a request covers two ids: the
 * record, then the copy; and there is an entry for each.
 */
export const DOCUMENT_DISCLOSURES = ['disclose-identity-document'] as const;

export type DisclosureOperation =
  | (typeof NUMBER_DISCLOSURES)[number]
  | (typeof DOCUMENT_DISCLOSURES)[number];

/** The operation a text names, if it is among these. */
export function findDisclosureOperation(
  text: string,
  among: readonly DisclosureOperation[],
): DisclosureOperation | undefined {
  return among.find((one) => one === text);
}
