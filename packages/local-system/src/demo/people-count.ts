/** The smallest company has one of every kind of person. */
const FEWEST = 10;
const MOST = 100_000;

/** The size of a company, from `--people`. */
export function peopleFrom(text: string): number {
  const people = Number(text);
  if (!/^[0-9]{1,6}$/.test(text) || people < FEWEST || people > MOST) {
    throw new RangeError(`--people must be between ${FEWEST} and ${MOST}`);
  }
  return people;
}
