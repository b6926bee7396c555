import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { ArchiveStore } from '../../src/archive-store.ts';

const LATER = new Date(Date.now() + 86_400_000);

/** What every archive store promises. */
export function describeArchiveStore(kind: string, open: () => ArchiveStore): void {
  const name = () => `log/segment/${randomBytes(8).toString('hex')}.sealed`;

  describe(`an archive in ${kind}`, () => {
    it('gives back what was put, whole, and nothing for another name', async () => {
      const store = open();
      const [taken, bytes] = [name(), randomBytes(300_000)];

      expect(await store.put(taken, bytes, LATER)).toBe('stored');

      expect(Buffer.compare((await store.get(taken))!, bytes)).toBe(0);
      expect(await store.get(name())).toBeUndefined();
      expect(await store.retainedUntil(name())).toBeUndefined();
    });

    it('never replaces what lies under a name', async () => {
      const store = open();
      const taken = name();
      await store.put(taken, Buffer.from('first'), LATER);

      expect(await store.put(taken, Buffer.from('second'), LATER)).toBe('exists');

      expect(Buffer.from((await store.get(taken))!).toString()).toBe('first');
    });

    it('gives a name to one of many who ask at once', async () => {
      const store = open();
      const taken = name();
      const texts = Array.from({ length: 8 }, (_, at) => `writer ${at}`);

      const answers = await Promise.all(
        texts.map((text) => store.put(taken, Buffer.from(text), LATER)),
      );

      expect(answers.filter((one) => one === 'stored')).toHaveLength(1);
      const winner = texts[answers.indexOf('stored')];
      expect(Buffer.from((await store.get(taken))!).toString()).toBe(winner);
    });

    it('keeps an object without bytes, and paths of several parts', async () => {
      const store = open();
      const taken = `a/tile/0/x001/${randomBytes(4).toString('hex')}`;
      await store.put(taken, Buffer.alloc(0), LATER);

      expect(await store.get(taken)).toHaveLength(0);
    });

    it.each(['', '/etc/passwd', '../x', 'a/../../x', 'a//b', 'A', 'a b', 'a/', '.a', 'a\0'])(
      'takes no name like %j',
      async (bad) => {
        const store = open();

        const asked = [
          async () => store.get(bad),
          async () => store.put(bad, Buffer.from('x'), LATER),
          async () => store.retainedUntil(bad),
        ];

        // A directory keeps nothing by itself, and asks for no name.
        for (const ask of store.enforcesRetention ? asked : asked.slice(0, 2))
          await expect(ask()).rejects.toThrow('not a name of an object');
      },
    );
  });
}
