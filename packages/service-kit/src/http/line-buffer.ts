import { Refusal } from '@mnv/core';

const NEWLINE = 0x0a;

/** Cuts bytes into lines, and holds no more of an unfinished one than `maxBytes`. */
export class LineBuffer {
  readonly #maxBytes: number;
  #parts: Buffer[] = [];
  #held = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The lines that end in this chunk, without their newline. Throws Refusal `body-too-large`. */
  *push(chunk: Buffer): Generator<Buffer, void, void> {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      this.#hold(chunk.subarray(start, end));
      start = end + 1;
      yield this.take();
    }
    this.#hold(chunk.subarray(start));
  }

  /** What is held of a line that has not ended. */
  take(): Buffer {
    const line = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#held = 0;
    return line;
  }

  #hold(part: Buffer): void {
    this.#held += part.length;
    if (this.#held > this.#maxBytes) throw tooLong();
    if (part.length > 0) this.#parts.push(part);
  }
}

const tooLong = () => new Refusal('body-too-large', 'A line is longer than this route accepts.');
