/** Lines with their number in the stream (from 1), in chunks of at most `size`. A stream without lines has none. */
export async function* inChunks(
  lines: AsyncIterable<Buffer>,
  size: number,
): AsyncGenerator<{ line: number; bytes: Buffer }[]> {
  let chunk: { line: number; bytes: Buffer }[] = [];
  let line = 0;
  for await (const bytes of lines) {
    line += 1;
    chunk.push({ line, bytes });
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
