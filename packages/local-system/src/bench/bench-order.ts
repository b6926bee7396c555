import type { Say } from '../supervisor/keep-running.ts';
import type { Sizes } from './sizes.ts';
import type { World } from './world.ts';

/** What a row is given. The world is started by the first row that needs it. */
export type BenchOrder = {
  world: () => Promise<World>;
  sizes: Sizes;
  large: boolean;
  say: Say;
  signal: AbortSignal;
};
