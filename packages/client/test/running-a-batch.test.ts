import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { setTimeout as sleep } from 'node:timers/promises';
import { BatchStoppedError } from '../src/batch-stopped-error.ts';
import { chunksOf, runBatch } from '../src/run-batch.ts';
import { collected } from './collected.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at);

describe('cutting a stream into chunks', () => {
  it('loses and reorders nothing, and tells where each chunk starts', async () => {
    const sizes = fc.integer({ min: 1, max: 20 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { maxLength: 100 }), sizes, async (items, size) => {
        const chunks = await collected(chunksOf(items, size));

        expect(chunks.flatMap((chunk) => chunk.items)).toEqual(items);
        chunks.forEach((chunk, at) => {
          expect(chunk.start).toBe(at * size);
          expect(chunk.items.length).toBeLessThanOrEqual(size);
          expect(chunk.items.length).toBeGreaterThan(0);
        });
      }),
    );
  });
});

describe('running a batch', () => {
  it('yields one result per item in order, however long each chunk takes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: 60 }),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 5 }),
        async (count, chunkSize, inFlight) => {
          const work = async ({ items, start }: { items: number[]; start: number }) => {
            await sleep((start * 7) % 3);
            return items.map((item) => item * 2);
          };

          const results = await collected(
            runBatch({ items: upTo(count), chunkSize, inFlight, work }),
          );

          expect(results).toEqual(upTo(count).map((item) => item * 2));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('reads no further ahead than the chunks in flight', async () => {
    let read = 0;
    function* endless() {
      for (;;) yield (read += 1);
    }
    const work = ({ items }: { items: number[] }) => Promise.resolve(items);

    for await (const item of runBatch({ items: endless(), chunkSize: 10, inFlight: 3, work })) {
      expect(read - item).toBeLessThanOrEqual(3 * 10);
      if (item >= 500) break;
    }

    expect(read).toBeLessThanOrEqual(530);
  });

  it('has at most the allowed number of chunks in flight', async () => {
    let running = 0;
    let most = 0;
    const work = async ({ items }: { items: number[] }) => {
      most = Math.max(most, (running += 1));
      await sleep(2);
      running -= 1;
      return items;
    };

    await collected(runBatch({ items: upTo(100), chunkSize: 5, inFlight: 3, work }));

    expect(most).toBe(3);
  });

  it('stops at a chunk border, yields what was begun, and says where to resume', async () => {
    const begun: number[] = [];
    const work = async ({ items, start }: { items: number[]; start: number }) => {
      begun.push(start);
      await sleep(5);
      if (start === 20) throw new Error('the session has ended');
      return items;
    };
    const results: number[] = [];

    const stopped = await (async () => {
      for await (const item of runBatch({ items: upTo(1000), chunkSize: 10, inFlight: 2, work })) {
        results.push(item);
      }
    })().catch((error: unknown) => error);

    expect(stopped).toBeInstanceOf(BatchStoppedError);
    expect(stopped).toMatchObject({ resumeAt: 20, cause: { message: 'the session has ended' } });
    expect(begun.every((start) => start <= 30)).toBe(true);
    expect(results.slice(0, 20)).toEqual(upTo(20));
    expect(results.slice(20)).toEqual(begun.includes(30) ? upTo(40).slice(30) : []);
  });

  it('yields what was begun before it passes on a failure of the source', async () => {
    function* source() {
      yield* upTo(25);
      throw new Error('the file ended early');
    }
    const work = ({ items }: { items: number[] }) => Promise.resolve(items);
    const results: number[] = [];

    const run = async () => {
      for await (const item of runBatch({ items: source(), chunkSize: 10, inFlight: 4, work }))
        results.push(item);
    };

    await expect(run()).rejects.toThrow('the file ended early');
    expect(results).toEqual(upTo(20));
  });
});
