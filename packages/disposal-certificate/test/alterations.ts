/** A value somewhere in a certificate, and a way to put another in its place. */
export type Alteration = { path: string; what: string; apply: (root: object) => void };

type Place = { path: string; parent: Record<string | number, unknown>; key: string | number };

/** Every alteration of every member of a JSON value, one at a time: other values, dropped, swapped, repeated. */
export function alterationsOf(root: object): Alteration[] {
  return [...placesIn(root, '')].flatMap(({ path, parent, key }) =>
    othersOf(parent[key]).map(({ what, value }) => ({
      path,
      what,
      apply: (copy: object) => set(copy, path, value),
    })),
  );
}

/** The path with the numbers of list members left out: what kind of member it is. */
export function kindOf(path: string): string {
  return path.replaceAll(/\/\d+/g, '/*');
}

function* placesIn(value: unknown, path: string): Generator<Place> {
  if (typeof value !== 'object' || value === null) return;
  const parent = value as Record<string | number, unknown>;
  for (const key of Object.keys(parent)) {
    yield { path: `${path}/${key}`, parent, key };
    yield* placesIn(parent[key], `${path}/${key}`);
  }
}

type Other = { what: string; value: unknown };

function othersOf(value: unknown): Other[] {
  if (Array.isArray(value)) return otherLists(value);
  if (typeof value === 'number')
    return [
      { what: 'one more', value: value + 1 },
      { what: 'one less', value: value - 1 },
      { what: 'zero', value: value === 0 ? 7 : 0 },
    ];
  if (typeof value === 'string') return otherTexts(value);
  if (value === null) return [{ what: 'set', value: '2027-01-01T00:00:00.000Z' }];
  return [{ what: 'emptied', value: {} }];
}

function otherLists(list: readonly unknown[]): Other[] {
  const [first, second] = list;
  const swapped = [second, first, ...list.slice(2)];
  const others: Other[] = [
    { what: 'emptied', value: [] },
    { what: 'without its last', value: list.slice(0, -1) },
    { what: 'with its first twice', value: [first, ...list] },
  ];
  if (list.length === 0) return [];
  const same = JSON.stringify(swapped) === JSON.stringify(list);
  return list.length > 1 && !same ? [...others, { what: 'swapped', value: swapped }] : others;
}

/** Texts of the same form: another character of the same class, in the middle and at the beginning. */
function otherTexts(text: string): Other[] {
  const at = Math.floor(text.length / 2);
  return [
    { what: 'emptied', value: '' },
    {
      what: 'turned in the middle',
      value: text.slice(0, at) + turned(text[at]) + text.slice(at + 1),
    },
    { what: 'turned at the beginning', value: turned(text[0]) + text.slice(1) },
    { what: 'longer', value: `${text}A` },
  ];
}

function turned(character = ''): string {
  if (/\d/.test(character)) return String((Number(character) + 1) % 10);
  if (/[a-f]/.test(character)) return character === 'a' ? 'b' : 'a';
  if (/[g-z]/.test(character)) return character === 'g' ? 'h' : 'g';
  return character === 'A' ? 'B' : 'A';
}

function set(root: object, path: string, value: unknown): void {
  const keys = path.slice(1).split('/');
  const last = keys.pop() as string;
  let parent = root as Record<string, unknown>;
  for (const key of keys) parent = parent[key] as Record<string, unknown>;
  parent[last] = value;
}
