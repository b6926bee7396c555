import type { Response } from 'express';
import { writeLine } from './ndjson.ts';

/**
 * Answers part by part, while the reader keeps up. What fails before the first part is a problem like any other;
 * what fails later ends the answer without its end.
 */
export async function answerInParts(
  res: Response,
  type: string,
  parts: AsyncIterable<Uint8Array>,
): Promise<void> {
  for await (const part of parts) {
    if (!res.headersSent) res.type(type);
    await writeLine(res, part);
  }
  res.end();
}
