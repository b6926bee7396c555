/** Where the parts of one column stand in the packed bytes: places count from 1, as in SQL. */
export type PackedColumn = { at: number[]; lengths: number[] };

/**
 * Columns of byte strings as one parameter, with the places for `substr`. The driver writes an array of byte
 * strings as hexadecimal text, and the server reads it back letter by letter; one byte string goes as it is.
 */
export function packBytes(columns: readonly (readonly Uint8Array[])[]): {
  bytes: Buffer;
  places: PackedColumn[];
} {
  let next = 1;
  const places = columns.map((parts) => {
    const at = parts.map((part) => {
      next += part.length;
      return next - part.length;
    });
    return { at, lengths: parts.map((part) => part.length) };
  });
  return { bytes: Buffer.concat(columns.flat()), places };
}
