import type { PathSource } from './node-opener.ts';
import { UnopenableError } from './unopenable-error.ts';

const TRIES: readonly PathSource[] = ['cached', 'fresh', 'fresh'];

/**
 * Opens optimistically: an epoch may re-key a node between the reads of it and of its parents. Then the
 * commitment does not fit, and the next try reads everything again. Three tries, then it is a fault.
 */
export async function retryOpening<T>(attempt: (source: PathSource) => Promise<T>): Promise<T> {
  let failure: unknown;
  for (const source of TRIES) {
    try {
      return await attempt(source);
    } catch (error) {
      if (!(error instanceof UnopenableError)) throw error;
      failure = error;
    }
  }
  throw failure;
}
