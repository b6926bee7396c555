import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeShiftJis } from '../src/register/encode-shift-jis.ts';

const decode = (bytes: Buffer) => new TextDecoder('shift_jis', { fatal: true }).decode(bytes);

describe('writing Shift_JIS', () => {
  it('gives back what offices write, the unofficial characters too', () => {
    const text = '髙橋 﨑子 ①㈱ ｶﾅ 表示\\~,"\r\n';
    expect(decode(encodeShiftJis(text).bytes)).toBe(text);
  });

  it('marks and counts what has no place there', () => {
    const { bytes, replaced } = encodeShiftJis('𠮷野家😀');
    expect([decode(bytes), replaced]).toEqual(['〓野家〓', 2]);
  });

  it('never makes bytes that do not decode', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const { bytes, replaced } = encodeShiftJis(text);
        const back = decode(bytes);
        expect([...back].length).toBe([...text].length);
        if (replaced === 0) expect(back).toBe(text);
      }),
    );
  });
});
