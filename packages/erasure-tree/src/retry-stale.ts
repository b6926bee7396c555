import { StaleNodeError } from './tree-store.ts';

/** How often a step may lose against writers before that is a fault. */
const TRIES = 10;

/** Takes a step again from the beginning when a compare-and-set lost; it looks at everything anew. */
export async function retryStale<T>(step: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof StaleNodeError) || tries === TRIES) throw error;
    }
  }
}
