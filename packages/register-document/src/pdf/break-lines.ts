/** How wide a character is, at size 1. */
export type WidthOf = (character: string) => number;

// What may not begin a line (JIS X 4051, 行頭禁則) stays with what it follows, what may not end one with what follows.
const OPENING = '（「『【〔［｛〈《';
const CLOSING = '、。，．・：；？！）」』】〕］｝〉》ー々ゝゞ…〜';
// A word: letters and digits with the signs between and behind them; white space; any other character. Then what
// closes it. Its parts end behind each run of signs.
const SIGNS = String.raw`[!-\/:-@\[-\u0060{-~]`;
const WORD = new RegExp(
  `[${OPENING}]*(?:[A-Za-z0-9]+(?:${SIGNS}+[A-Za-z0-9]+)*${SIGNS}*|\\s+|.)[${CLOSING}]*`,
  'gsu',
);
const PART = new RegExp(`(?:[A-Za-z0-9]+${SIGNS}*|.)[${CLOSING}]*`, 'gsu');

/** A text in lines no wider than `width`: between words and signs, and within a word that no line can hold. */
export function breakLines(text: string, width: number, widthOf: WidthOf): string[] {
  const lines: string[] = [];
  let [line, used] = ['', 0];
  for (const unit of unitsOf(text, width, widthOf)) {
    const wide = widthOfText(unit, widthOf);
    if (used + wide > width && line !== '') {
      lines.push(line.trimEnd());
      [line, used] = ['', 0];
    }
    if (line === '' && unit.trim() === '') continue;
    line += unit;
    used += wide;
  }
  return line === '' ? lines : [...lines, line.trimEnd()];
}

/** What stays together: a word; of one that no line can hold its parts; of such a part its characters. */
function unitsOf(text: string, width: number, widthOf: WidthOf): string[] {
  const isTooWide = (unit: string) => widthOfText(unit, widthOf) > width;
  const words = text.match(WORD) ?? [];
  const parts = words.flatMap((word) => (isTooWide(word) ? (word.match(PART) ?? []) : [word]));
  return parts.flatMap((part) => (isTooWide(part) ? [...part] : [part]));
}

export function widthOfText(text: string, widthOf: WidthOf): number {
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width;
}
