/** A number found in some text: which of the numbers looked for (from 0), and how it was written there. */
export interface Finding {
  readonly at: number;
  readonly form: string;
}

type View = readonly [form: string, texts: readonly string[]];

const TWELVE_DIGITS = /(?=([0-9]{12}))/g;
const FOUR_BY_FOUR =
  /(?=([0-9]{4})[\s_.\-\u2010-\u2015\u2212]{1,3}([0-9]{4})[\s_.\-\u2010-\u2015\u2212]{1,3}([0-9]{4}))/g;
const HEX_DIGITS = /(?=((?:3[0-9][\s:]?){12}))/g;
const BASE64_RUN = /[A-Za-z0-9+/_-]{16,}/g;

/**
 * Which of the numbers a text gives away: plain, in groups of four, full-width, as JSON or URL escapes, as
 * UTF-16, as hex (also as Node prints a Buffer), and in base64 at any offset. The work does not grow with the
 * count of numbers.
 */
export function findNumbers(numbers: readonly string[], bytes: Uint8Array): readonly Finding[] {
  const positions = new Map(numbers.map((number, at) => [number, at]));
  const found = new Map<string, Finding>();
  for (const [form, texts] of viewsOf(Buffer.from(bytes))) {
    for (const candidate of texts.flatMap(candidatesIn)) {
      const at = positions.get(candidate);
      if (at !== undefined) found.set(`${at} ${form}`, { at, form });
    }
  }
  return [...found.values()];
}

function viewsOf(bytes: Buffer): readonly View[] {
  const text = bytes.toString('utf8');
  return [
    ['plain', [text]],
    ['full-width', [text.normalize('NFKC')]],
    ['escaped', [unescaped(text).normalize('NFKC')]],
    ['UTF-16', [bytes.toString('latin1').replaceAll('\0', '')]],
    ['UTF-16 full-width', [...utf16Views(bytes)]],
    ['hex', [...hexViews(text)]],
    ['base64', base64Views(text)],
  ];
}

function candidatesIn(text: string): string[] {
  const plain = [...text.matchAll(TWELVE_DIGITS)].map(([, run]) => run ?? '');
  const grouped = [...text.matchAll(FOUR_BY_FOUR)].map(([, a, b, c]) => `${a}${b}${c}`);
  return [...plain, ...grouped];
}

function unescaped(text: string): string {
  const units = text.replaceAll(/\\u([0-9a-fA-F]{4})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  const bytes = Buffer.from(units, 'utf8').toString('latin1');
  const octets = bytes.replaceAll(/%([0-9a-fA-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(octets, 'latin1').toString('utf8');
}

/** Digits U+FF10 to U+FF19 in either byte order, at either alignment. */
function* utf16Views(bytes: Buffer): Generator<string> {
  for (const start of [0, 1]) {
    const even = bytes.subarray(start, bytes.length - ((bytes.length - start) % 2));
    yield even.toString('utf16le').normalize('NFKC');
    yield Buffer.from(even).swap16().toString('utf16le').normalize('NFKC');
  }
}

function* hexViews(text: string): Generator<string> {
  for (const [, run] of text.matchAll(HEX_DIGITS)) {
    yield Buffer.from((run ?? '').replaceAll(/[\s:]/g, ''), 'hex').toString('latin1');
  }
}

/** A run may begin in the middle of what was encoded, so all four alignments are decoded. */
function base64Views(text: string): string[] {
  const runs = [...text.matchAll(BASE64_RUN)].map(([run]) => run);
  return runs.flatMap((run) =>
    [0, 1, 2, 3].map((skip) => Buffer.from(run.slice(skip), 'base64').toString('latin1')),
  );
}
