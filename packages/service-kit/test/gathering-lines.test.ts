import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inChunks } from '../src/index.ts';

const NEVER_MS = 100_000;

async function* linesOf(texts: readonly string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text);
}

describe('lines in chunks', () => {
  it('are all there, in their order, numbered, in chunks that are full but for the last', async () => {
    const texts = fc.array(fc.string(), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(texts, fc.integer({ min: 1, max: 7 }), async (sent, size) => {
        const chunks = await Array.fromAsync(
          inChunks(linesOf(sent), size, { gatheredWithinMs: NEVER_MS }),
        );
        const lines = chunks.flat();
        expect(lines.map(({ bytes }) => String(bytes))).toEqual(sent);
        expect(lines.map(({ line }) => line)).toEqual(sent.map((_, at) => at + 1));
        for (const chunk of chunks.slice(0, -1)) expect(chunk).toHaveLength(size);
        expect(chunks.at(-1)).not.toEqual([]);
      }),
    );
  });

  it('do not wait for what the sender sends only after an answer', async () => {
    const answered = Promise.withResolvers<void>();
    async function* waiting(): AsyncGenerator<Buffer> {
      yield* linesOf(['a', 'b']);
      await answered.promise;
      yield* linesOf(['c']);
    }
    const seen: string[] = [];
    for await (const chunk of inChunks(waiting(), 250)) {
      seen.push(...chunk.map(({ bytes }) => String(bytes)));
      if (seen.length === 2) answered.resolve();
    }
    expect(seen).toEqual(['a', 'b', 'c']);
  });

  it('fail as their source fails', async () => {
    async function* failing(): AsyncGenerator<Buffer> {
      yield* linesOf(['a', 'b', 'c']);
      throw new Error('cut');
    }
    await expect(Array.fromAsync(inChunks(failing(), 2))).rejects.toThrow('cut');
  });

  it('end their source when nobody wants more', async () => {
    const ended = Promise.withResolvers<void>();
    async function* endless(): AsyncGenerator<Buffer> {
      try {
        for (;;) yield Buffer.from('a');
      } finally {
        ended.resolve();
      }
    }
    for await (const chunk of inChunks(endless(), 2)) {
      expect(chunk).toHaveLength(2);
      break;
    }
    await ended.promise;
  });
});
