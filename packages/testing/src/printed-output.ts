import { format } from 'node:util';

type Write = (chunk: string | Uint8Array, ...rest: unknown[]) => boolean;
interface Writer {
  write: Write;
}
type Print = (...values: unknown[]) => void;

const METHODS = ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir', 'table'] as const;

/**
 * Copies everything printed from now on to `keep`, and still prints it. A console under jest has streams of
 * its own, and a logger may write to those, to the process's, or call the console.
 */
export function copyPrinted(keep: (bytes: Buffer) => void): () => void {
  const streams = console as unknown as { _stdout?: Writer; _stderr?: Writer };
  const writers = [process.stdout, process.stderr, streams._stdout, streams._stderr];
  const restores = [...new Set(writers)].flatMap((writer) =>
    writer === undefined ? [] : [copyWrites(writer as Writer, keep)],
  );
  const methods = METHODS.map((method) => copyCalls(method, keep));
  return () => [...restores, ...methods].forEach((restore) => restore());
}

function copyWrites(writer: Writer, keep: (bytes: Buffer) => void): () => void {
  const write = writer.write;
  writer.write = (chunk, ...rest) => {
    keep(Buffer.from(chunk as string));
    return write.call(writer, chunk, ...rest);
  };
  return () => {
    writer.write = write;
  };
}

function copyCalls(method: (typeof METHODS)[number], keep: (bytes: Buffer) => void): () => void {
  const print = console[method] as Print;
  console[method] = (...values: unknown[]) => {
    keep(Buffer.from(format(...values)));
    print.apply(console, values);
  };
  return () => {
    console[method] = print as typeof console.log;
  };
}
