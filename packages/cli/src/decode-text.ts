import { TextDecoder } from 'node:util';
import { createReadStream } from 'node:fs';
import { CommandError } from './command.ts';

export type Encoding = 'utf-8' | 'shift_jis';

/**
 * The text of a file, part by part, decoded strictly: a byte that means nothing ends it with an error, never
 * with a replacement character. `shift_jis` is Windows-31J, as Japanese offices save it. A BOM is dropped.
 * `onBytes` hears how many bytes were read so far.
 */
export async function* decodedParts(
  file: string,
  encoding: Encoding,
  onBytes: (read: number) => void = () => undefined,
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let read = 0;
  for await (const bytes of createReadStream(file, { highWaterMark: 64 * 1024 })) {
    read += (bytes as Buffer).length;
    onBytes(read);
    yield decodedOrRefused(decoder, encoding, bytes as Buffer);
  }
  yield decodedOrRefused(decoder, encoding);
}

/** Which of the two a file is, by reading all of it; UTF-8 when it is both. */
export async function detectEncoding(file: string): Promise<Encoding> {
  for (const encoding of ['utf-8', 'shift_jis'] as const) {
    if (await decodes(file, encoding)) return encoding;
  }
  throw new CommandError('The file is neither UTF-8 nor Shift_JIS; save it again as one of them.');
}

async function decodes(file: string, encoding: Encoding): Promise<boolean> {
  try {
    for await (const _ of decodedParts(file, encoding));
    return true;
  } catch (error) {
    if (error instanceof CommandError) return false;
    throw error;
  }
}

function decodedOrRefused(decoder: TextDecoder, encoding: Encoding, bytes?: Buffer): string {
  try {
    return decoder.decode(bytes, { stream: bytes !== undefined });
  } catch {
    throw new CommandError(`The file is not ${NAMES[encoding]}; choose another --encoding.`);
  }
}

const NAMES: Record<Encoding, string> = { 'utf-8': 'UTF-8', shift_jis: 'Shift_JIS' };
