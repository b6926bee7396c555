/** Measures the steps of a run, in seconds with two decimals. */
export function createStopwatch() {
  const seconds: Record<string, number> = {};
  const began = performance.now();
  const since = (start: number) => Math.round((performance.now() - start) / 10) / 100;
  return {
    time: async <Result>(step: string, work: () => Promise<Result>): Promise<Result> => {
      const start = performance.now();
      const result = await work();
      seconds[step] = since(start);
      return result;
    },
    seconds: (): Record<string, number> => ({ ...seconds, total: since(began) }),
  };
}

export type Stopwatch = ReturnType<typeof createStopwatch>;
