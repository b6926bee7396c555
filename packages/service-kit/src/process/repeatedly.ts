/** Work that is done again and again between `start` and `stop`. */
export type Repeated = {
  start(): void;
  /** Resolves when what is under way has ended; nothing begins after. */
  stop(): Promise<void>;
};

/** Does work at once and then at intervals, one at a time; sooner again after it has thrown. */
export function repeatedly(
  work: () => Promise<void>,
  options: { everyMs: number; tryAgainMs: number; onFault(error: unknown): void },
): Repeated {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;

  const once = async (): Promise<void> => {
    const wait = await work().then(
      () => options.everyMs,
      (error: unknown) => {
        options.onFault(error);
        return options.tryAgainMs;
      },
    );
    if (!stopped) timer = setTimeout(begin, wait).unref();
  };
  const begin = (): void => {
    running = once();
  };

  return {
    start: begin,
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
