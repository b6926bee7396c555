/** One process while it runs. */
export type Running = {
  pid: number;
  /** Says how it ended; never rejects. */
  ended: Promise<string>;
  /** Ends it and waits until it is gone. */
  stop(): Promise<void>;
};

/**
 * Something the supervisor keeps running. `start` answers when it is ready to work, and gives up, leaving
 * nothing behind, when the signal comes first.
 */
export type Program = { name: string; start(signal: AbortSignal): Promise<Running> };
