/**
 * Where exports are kept: a failure domain of its own. A file is there whole and durable, or not at all.
 * Everything else throws.
 */
export type ExportPlace = {
  /** What it is called in the service log. */
  readonly name: string;
  /** Begins a file that nobody sees before `commit`. */
  create(name: string): Promise<ExportWriter>;
  read(name: string): AsyncIterable<Uint8Array>;
  /** Names in ascending order. */
  list(): Promise<string[]>;
  remove(name: string): Promise<void>;
  /** The control log beside the exports, as a tlog-tiles log. */
  readonly controlLog: {
    fetch(path: string): Promise<Uint8Array | undefined>;
    put(path: string, bytes: Uint8Array): Promise<void>;
  };
};

export type ExportWriter = {
  write(chunk: Uint8Array): Promise<void>;
  /** When it resolves the file is durable under its name. */
  commit(): Promise<void>;
  /** Leaves nothing behind. Never throws. */
  abort(): Promise<void>;
};

const NAME = /^key-tree-\d{10}-\d{15}\.export$/;

/** Sorts by epoch, then by time. */
export function exportName({ epoch, takenAt }: { epoch: number; takenAt: number }): string {
  return `key-tree-${String(epoch).padStart(10, '0')}-${String(takenAt).padStart(15, '0')}.export`;
}

export function isExportName(name: string): boolean {
  return NAME.test(name);
}
