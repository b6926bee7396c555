import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { breakLines, widthOfText } from '../src/pdf/break-lines.ts';

const widthOf = (character: string) => (/[ -~]/.test(character) ? 0.5 : 1);
const texts = fc.string({
  unit: fc.constantFrom(...Array.from('氏名、。」（ーabc-019 /')),
  maxLength: 200,
});

describe('a text in a narrow column', () => {
  it('is broken between signs of Japanese, never before one that closes or behind one that opens', () => {
    expect(breakLines('氏名住、所。', 3, widthOf)).toEqual(['氏名', '住、', '所。']);
    expect(breakLines('氏名（東京）', 3, widthOf)).toEqual(['氏名', '（東', '京）']);
  });

  it('keeps a word or a part of an id together where it fits', () => {
    expect(breakLines('abc def', 2, widthOf)).toEqual(['abc', 'def']);
    expect(breakLines('at 2026-11-25', 5.5, widthOf)).toEqual(['at', '2026-11-25']);
    expect(breakLines('0f8fad5b-d9cb', 5, widthOf)).toEqual(['0f8fad5b-', 'd9cb']);
  });

  it('is broken within a word that no line can hold', () => {
    expect(breakLines('abcdefgh', 2, widthOf)).toEqual(['abcd', 'efgh']);
  });

  it('loses nothing but white space, and no line is wider than the column', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 2, max: 40 }), (text, width) => {
        const lines = breakLines(text, width, widthOf);
        expect(lines.join('').replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''));
        for (const line of lines) expect(widthOfText(line, widthOf)).toBeLessThanOrEqual(width);
      }),
    );
  });
});
