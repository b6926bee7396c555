import type { Repeated } from '@mnv/service-kit';
import type { RestoreFence } from './restore-fence.ts';

/** The fence's watch, and work that begins once it has opened for the first time. */
export function behindFence(fence: RestoreFence, work: readonly Repeated[]): Repeated {
  let stopped = false;
  return {
    start: () => {
      fence.start();
      void fence.opened.then(() => {
        if (!stopped) for (const one of work) one.start();
      });
    },
    stop: async () => {
      stopped = true;
      await Promise.all([fence.stop(), ...work.map((one) => one.stop())]);
    },
  };
}
