import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { createLogger, loadSettings, runService } from '../src/index.ts';

/** A service whose one setting says what befalls it. Started as a process of its own by the tests. */
const SCRIPTS: Record<string, () => Promise<void> | void> = {
  runs: () => undefined,
  'throws later': () => void setTimeout(() => misbehave()),
  'rejects later': () => void pause(1).then(() => misbehave()),
  'cannot start': () => misbehave(),
  'never closes': () => undefined,
  'fails to close': () => undefined,
};

function misbehave(): never {
  throw Object.assign(new Error('quotes a secret value'), { code: 'E_TEST' });
}

const log = createLogger({ service: 'scripted' });

await runService({
  log,
  async start() {
    const { SCRIPT } = loadSettings(
      z.object({ SCRIPT: z.enum(Object.keys(SCRIPTS)) }),
      process.env,
    );
    await SCRIPTS[SCRIPT]?.();
    const open = setInterval(() => undefined, 1_000);
    return {
      async close() {
        if (SCRIPT === 'never closes') await new Promise(() => undefined);
        if (SCRIPT === 'fails to close') misbehave();
        clearInterval(open);
        log.info('closed');
      },
    };
  },
});
