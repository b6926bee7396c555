/** The rows in the order they run; memory is read last, when most has passed. */
export const ROW_NAMES = [
  'start',
  'import',
  'disclose',
  'log',
  'open',
  'erasure',
  'certificate',
  'retention',
  'memory',
] as const;
export type RowName = (typeof ROW_NAMES)[number];

export const USAGE = `usage: npm run bench -- [${ROW_NAMES.join('|')}]… [--quick] [--large] [--json [FILE]] [--document]
  --quick     short runs that show everything works; their figures are rough
  --large     also what needs millions of entries or records
  --json      one JSON object a line: to FILE, or to stdout (and the table to stderr)
  --document  write docs/performance.md from this run
`;

export type Arguments = {
  rows: RowName[];
  quick: boolean;
  large: boolean;
  document: boolean;
  /** A file, or `stdout`. */
  json: { file: string } | 'stdout' | undefined;
};

const FLAGS = ['quick', 'large', 'document'] as const;

/** @throws Error with the words that are not understood */
export function readArguments(words: readonly string[]): Arguments {
  const read: Arguments = {
    rows: [],
    quick: false,
    large: false,
    document: false,
    json: undefined,
  };
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const flag = FLAGS.find((name) => `--${name}` === word);
    if (flag) read[flag] = true;
    else if (word === '--json') read.json = jsonTarget(rest);
    else if (isRowName(word)) read.rows.push(word);
    else throw new Error(`not understood: ${word}`);
  }
  return {
    ...read,
    rows: ROW_NAMES.filter((name) => read.rows.length === 0 || read.rows.includes(name)),
  };
}

function isRowName(word: string): word is RowName {
  return ROW_NAMES.some((name) => name === word);
}

/** The next word is the file, unless it is something else. */
function jsonTarget(rest: string[]): { file: string } | 'stdout' {
  const [next] = rest;
  if (next === undefined || next.startsWith('-') || isRowName(next)) return 'stdout';
  rest.shift();
  return { file: next };
}
