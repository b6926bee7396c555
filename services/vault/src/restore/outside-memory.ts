/** A head of the control log as somebody outside this database remembers it. */
export type RememberedHead = {
  /** `access-proxy`, `disposal`, `witness <name>` or `operator`. */
  source: string;
  size: number;
  /** Undefined when only a size was said. */
  root: Uint8Array | undefined;
  /** What this database showed is not the log that is remembered. */
  contradicts: boolean;
  /** When a witness cosigned; undefined = now. */
  saidAt: Date | undefined;
};

export type OutsideMemory = RememberedHead & { saidAt: Date; ageMs: number };

export const PROXY = 'access-proxy';
export const OPERATOR = 'operator';
export const witnessSource = (name: string): string => `witness ${name}`;
