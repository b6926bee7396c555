const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
/** As a shell tells the end of a program whose reader went away. */
const READER_GONE = 141;
type StopSignal = keyof typeof EXIT_CODES;

/** The wish to stop, from the keyboard or another process. */
export type StopWish = {
  signal: AbortSignal;
  /** Resolves when the wish comes. */
  wished: Promise<void>;
  /** What a shell expects of a program that ended by this signal. */
  exitCode(): number;
};

/**
 * Listens for Ctrl-C, SIGTERM, a closed terminal, and a reader of our output that has gone (`| head`). Only
 * the first one counts; stopping takes its time.
 */
export function listenForStop(): StopWish {
  const controller = new AbortController();
  let code = 0;
  const wished = new Promise<void>((resolve) => {
    const stop = (exitCode: number) => {
      if (controller.signal.aborted) return;
      code = exitCode;
      controller.abort();
      resolve();
    };
    for (const name of Object.keys(EXIT_CODES) as StopSignal[]) {
      process.on(name, () => stop(EXIT_CODES[name]));
    }
    for (const stream of [process.stdout, process.stderr]) {
      stream.on('error', () => stop(READER_GONE));
    }
  });
  return { signal: controller.signal, wished, exitCode: () => code };
}
