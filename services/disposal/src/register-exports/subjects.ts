/** Kinds of people as a register names them. */
export const SUBJECTS_IN_WORDS: Readonly<Record<string, string>> = {
  E: '従業員等',
  D: '被扶養者',
  S3: '国民年金第3号被保険者',
  P: '支払先',
  H: '株主等',
};
