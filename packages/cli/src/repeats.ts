/**
 * Whether two lists are repeats of one and the same shorter list, or the same list. Two words are powers of a
 * common word exactly when their order does not matter (Lyndon and Schützenberger, 1962).
 */
export function areRepeats(one: readonly string[], other: readonly string[]): boolean {
  const [first, second] = [
    [...one, ...other],
    [...other, ...one],
  ];
  return first.every((text, at) => text === second[at]);
}

/** Whether a list is a shorter one, two times or more. */
export function isRepeat(list: readonly string[]): boolean {
  for (
    let size = list.indexOf(list[0] ?? '', 1);
    size > 0;
    size = list.indexOf(list[0] ?? '', size + 1)
  ) {
    if (list.length % size === 0 && areRepeats(list.slice(0, size), list)) return true;
  }
  return false;
}
