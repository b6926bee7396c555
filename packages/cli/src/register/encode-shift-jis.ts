import { TextDecoder } from 'node:util';

const GETA = '〓';
let table: ReadonlyMap<string, Buffer> | undefined;

/**
 * Windows-31J bytes of a text, as Japanese offices open it. What has no place there becomes 〓, the printer's
 * mark for a missing character, and is counted.
 */
export function encodeShiftJis(text: string): { bytes: Buffer; replaced: number } {
  table ??= reverseTable();
  const parts: Buffer[] = [];
  let replaced = 0;
  for (const character of text) {
    const bytes = table.get(character);
    if (bytes === undefined) replaced += 1;
    parts.push(bytes ?? table.get(GETA) ?? Buffer.from('?'));
  }
  return { bytes: Buffer.concat(parts), replaced };
}

/** The decoder read backwards. Of characters that stand in several places the first counts, as Windows has it. */
function reverseTable(): Map<string, Buffer> {
  const decoder = new TextDecoder('shift_jis', { fatal: true });
  const found = new Map<string, Buffer>();
  const learn = (bytes: Buffer) => {
    const character = decodedOrNothing(decoder, bytes);
    if (character !== undefined && [...character].length === 1 && !found.has(character))
      found.set(character, bytes);
  };
  for (let one = 0; one <= 0xff; one += 1) learn(Buffer.from([one]));
  for (const [from, to] of [
    [0x81, 0x9f],
    [0xe0, 0xef],
    // IBM's extensions before NEC's copies of them.
    [0xfa, 0xfc],
  ] as const) {
    for (let lead = from; lead <= to; lead += 1) learnRow(lead, learn);
  }
  return found;
}

function learnRow(lead: number, learn: (bytes: Buffer) => void): void {
  for (let trail = 0x40; trail <= 0xfc; trail += 1)
    if (trail !== 0x7f) learn(Buffer.from([lead, trail]));
}

function decodedOrNothing(decoder: TextDecoder, bytes: Buffer): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
