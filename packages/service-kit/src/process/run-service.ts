import type { Logger } from '../logger.ts';
import { safeFacts } from '../logger.ts';
import { StartupError } from '../startup-error.ts';

/** Nothing keeps a stopping process alive longer than this. */
const STOP_WITHIN_MS = 5_000;

/** What runs. `close` stops taking work, finishes what was begun, and lets go. */
export type RunningService = { close(): Promise<void> };

/**
 * Starts a service and stays until it ends: SIGTERM and SIGINT stop it gracefully (exit 0); an error nobody
 * caught leaves its state unknown, so it stops as well (exit 1) and a supervisor starts it again. A service
 * that cannot start says which setting is at fault, and exits with 1.
 */
export async function runService(options: {
  log: Logger;
  start: () => Promise<RunningService>;
}): Promise<void> {
  const { log, start } = options;
  let running: RunningService | undefined;
  let stopping = false;

  const stop = (exitCode: number) => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(exitCode || 1), STOP_WITHIN_MS).unref();
    Promise.resolve(running?.close()).then(
      () => process.exit(exitCode),
      () => process.exit(1),
    );
  };
  const onFault = (error: unknown) => {
    log.error('uncaught error', safeFacts(error));
    stop(1);
  };
  process.on('uncaughtException', onFault).on('unhandledRejection', onFault);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      log.info('stopping', { signal });
      stop(0);
    });
  }

  try {
    running = await start();
    log.info('started');
  } catch (error) {
    log.error('refused to start', { ...safeFacts(error), ...startupFacts(error) });
    stop(1);
  }
}

/** A StartupError is our own text and shows no value, so unlike other errors it may be told. */
function startupFacts(error: unknown): object {
  return error instanceof StartupError
    ? { settings: error.settings.join(' '), reason: error.reason }
    : {};
}
