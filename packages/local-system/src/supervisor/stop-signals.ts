const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type StopSignal = keyof typeof EXIT_CODES;

/** The wish to stop, from the keyboard or another process. */
export type StopWish = {
  signal: AbortSignal;
  /** Resolves when the wish comes. */
  wished: Promise<void>;
  /** What a shell expects of a program that ended by this signal. */
  exitCode(): number;
};

/** Listens for Ctrl-C, SIGTERM and a closed terminal. Only the first one counts; stopping takes its time. */
export function listenForStop(): StopWish {
  const controller = new AbortController();
  let code = 0;
  const wished = new Promise<void>((resolve) => {
    for (const name of Object.keys(EXIT_CODES) as StopSignal[]) {
      process.on(name, () => {
        if (controller.signal.aborted) return;
        code = EXIT_CODES[name];
        controller.abort();
        resolve();
      });
    }
  });
  return { signal: controller.signal, wished, exitCode: () => code };
}
