/** pdfkit's document, as far as glyphs are shown with it. */
type Pdf = {
  addContent(content: string): unknown;
  page: unknown;
};
/**
 * What pdfkit keeps of the font in use. Not part of its published interface: its version is pinned, and a test
 * reads back what was written.
 */
type FontInUse = {
  id: string;
  encode(text: string): [readonly string[], readonly { advanceWidth: number }[]];
  ref(): object;
  font: { hasGlyphForCodePoint(codePoint: number): boolean };
};

/** The printer's mark for a missing character. */
export const GETA = '〓';
const VARIATION_SELECTORS = /[\u{FE00}-\u{FE0F}\u{E0100}-\u{E01EF}]/gu;

export type Glyphs = {
  /** At size 1. */
  widthOf(character: string): number;
  /** Shows a text from a point of its base line on, counted from the top of the page. */
  show(text: string, at: { x: number; y: number; size: number }): void;
  /** How many characters the face lacks, so far. */
  replaced(): number;
};

/**
 * Shows text one glyph after the other, each looked up once. Laying every text out anew takes thirty times as
 * long and keeps each text in memory; the face has no ligatures or kerning that would need it.
 */
export function makeGlyphs(pdf: Pdf): Glyphs {
  const font = (pdf as unknown as { _font: FontInUse })._font;
  const known = new Map<string, { code: string; width: number; lacking: boolean }>();
  let replaced = 0;

  const glyphOf = (character: string) => {
    const found = known.get(character);
    if (found !== undefined) return found;
    const lacking = !font.font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0);
    const [codes, positions] = font.encode(lacking ? GETA : character);
    const glyph = {
      code: codes.join(''),
      width: (positions[0]?.advanceWidth ?? 0) / 1000,
      lacking,
    };
    known.set(character, glyph);
    return glyph;
  };

  return {
    widthOf: (character) => glyphOf(character).width,
    show(text, { x, y, size }) {
      let codes = '';
      for (const character of text) {
        const { code, lacking } = glyphOf(character);
        codes += code;
        if (lacking) replaced += 1;
      }
      const { fonts } = pdf.page as { fonts: Record<string, object> };
      fonts[font.id] ??= font.ref();
      // pdfkit counts from the top of the page down; glyphs stand upright in that.
      pdf.addContent(
        `BT /${font.id} ${size} Tf 1 0 0 -1 ${x.toFixed(2)} ${y.toFixed(2)} Tm <${codes}> Tj ET`,
      );
    },
    replaced: () => replaced,
  };
}

/** A text as it is shown in one line, without selectors of a variant the face does not have. */
export function shownText(text: string): string {
  return text.replaceAll(VARIATION_SELECTORS, '').replaceAll(/\s+/g, ' ').trim();
}
