import { readFileSync, statSync } from 'node:fs';
import { findNumbers } from './find-numbers.ts';
import { madeIndividualNumbers } from './make-individual-number.ts';
import { copyPrinted } from './printed-output.ts';

const SEPARATOR = Buffer.from('\n');

interface Source {
  readonly name: string;
  read(): Buffer;
}

/** Everything of one test file in which no Individual Number may appear. */
export interface LeakTripwire {
  /** Adds a text that leaves the system: a problem body, a header, a file, a child's output. */
  watch(name: string, content: string | Uint8Array): void;
  /** Adds what is appended to a file from now on, such as a server's log. */
  watchFile(name: string, path: string): void;
}

const printed: Buffer[] = [];
const sources: Source[] = [];

/** The tripwire of this test file. It stands for every test file; a test only adds what it alone can see. */
export function leakTripwire(): LeakTripwire {
  return {
    watch: (name, content) => {
      const bytes = Buffer.from(content as string);
      sources.push({ name, read: () => bytes });
    },
    watchFile: (name, path) => {
      const start = sizeOf(path);
      sources.push({ name, read: () => readFileSync(path).subarray(start) });
    },
  };
}

/** Begins to keep what this test file prints. Returns the end of that. */
export function armTripwire(): () => void {
  sources.push({ name: 'printed output', read: () => Buffer.concat(printed) });
  return copyPrinted((bytes) => printed.push(bytes, SEPARATOR));
}

/**
 * Throws when a number made in this test file shows anywhere. The error says where and in which form, and
 * counts numbers in the order they were made; it does not repeat them.
 */
export function requireNoLeak(): void {
  const numbers = madeIndividualNumbers();
  if (numbers.length === 0) return;
  const leaks = sources.flatMap((source) =>
    findNumbers(numbers, source.read()).map(
      ({ at, form }) => `number ${at + 1} (${form}) in ${source.name}`,
    ),
  );
  if (leaks.length > 0) throw new Error(`Individual Numbers leaked:\n${leaks.join('\n')}`);
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
