import { open } from 'node:fs/promises';
import { BYTE_ORDER_MARK, csvText } from './csv-text.ts';
import type { Reject } from './import-row.ts';

export type RejectedRow = Reject & { line: number };

export type RejectsFile = {
  /** Appends durably and returns the length of the file afterwards. Makes the file with the first row. */
  append: (rows: readonly RejectedRow[]) => Promise<number>;
};

const HEADER = csvText([['line', 'code', 'reason']]);

/**
 * The rows that were not taken: line, code and reason; never a cell of them. `keep` is the length that an
 * earlier run vouches for; what a crash left beyond it is cut off.
 */
export async function openRejects(file: string, keep: number): Promise<RejectsFile> {
  let length = await cutTo(file, keep);
  return {
    append: async (rows) => {
      if (rows.length === 0) return length;
      const text = csvText(rows.map(({ line, code, reason }) => [String(line), code, reason]));
      const whole = length === 0 ? BYTE_ORDER_MARK + HEADER + text : text;
      const handle = await open(file, 'a', 0o600);
      try {
        await handle.writeFile(whole);
        await handle.sync();
      } finally {
        await handle.close();
      }
      length += Buffer.byteLength(whole);
      return length;
    },
  };
}

async function cutTo(file: string, keep: number): Promise<number> {
  const handle = await open(file, 'r+').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (handle === undefined) return 0;
  try {
    await handle.truncate(keep);
    return keep;
  } finally {
    await handle.close();
  }
}
