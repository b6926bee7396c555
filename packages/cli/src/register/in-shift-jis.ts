import { TextDecoder } from 'node:util';
import { encodeShiftJis } from './encode-shift-jis.ts';

/** A document that comes in UTF-8 behind its mark, in Shift_JIS and without one. */
export async function inShiftJis(
  parts: AsyncIterable<Uint8Array>,
): Promise<{ bytes: Buffer; replaced: number }> {
  const decoder = new TextDecoder('utf-8');
  let text = '';
  for await (const part of parts) text += decoder.decode(part, { stream: true });
  return encodeShiftJis(text + decoder.decode());
}
