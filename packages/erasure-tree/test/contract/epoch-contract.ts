import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { StaleNodeError } from '../../src/index.ts';
import type { TreeStore } from '../../src/index.ts';
import type { Backend } from './backend.ts';
import { histories, live } from './histories.ts';
import type { History } from './histories.ts';
import { countingNewTopsAsRekeyed, mutants } from './mutants.ts';
import type { Drive } from './run-epoch.ts';

/** What an erasure epoch promises, on whatever store. */
export function describeErasureEpochs<Tx>(backend: Backend<Tx>): void {
  const lives = async (history: History, mutation: Mutation<Tx> = {}): Promise<void> => {
    const { drive, store = (same) => same } = mutation;
    await live(store(await backend.empty()), history, drive);
  };

  /** What the first history that tells a mutant from the product says. One that stops by itself tells nothing. */
  async function caught(mutation: Mutation<Tx>): Promise<unknown> {
    const property = fc.asyncProperty(histories, async (history) => {
      try {
        await lives(history, mutation);
      } catch (error) {
        fc.pre(!(error instanceof StaleNodeError));
        throw error;
      }
    });
    return (await fc.check(property, { numRuns: 200, endOnFailure: true })).errorInstance;
  }

  describe(`an erasure epoch on ${backend.name}`, () => {
    it('leaves no way to an erased key and every way to a living one, whatever was written and wherever it died', async () => {
      const property = fc.asyncProperty(histories, (history) => lives(history));
      await expect(fc.assert(property, { numRuns: backend.histories })).resolves.toBeUndefined();
    });

    it.each(Object.entries(mutants))('is told from an epoch %s', async (_, drive) => {
      expect(await caught({ drive })).toMatchObject({ what: 'reachable' });
    });

    it('is told from one that takes a top put above its nodes for re-keyed', async () => {
      const mutant = { store: countingNewTopsAsRekeyed };
      expect(await caught(mutant)).toMatchObject({ what: 'reachable' });
    });
  });
}

type Mutation<Tx> = {
  readonly drive?: Drive;
  readonly store?: (store: TreeStore<Tx>) => TreeStore<Tx>;
};
