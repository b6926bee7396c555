import { isIndividualRef, isUuid } from '@mnv/core';
import type { Client, RecordToDispose } from '@mnv/client';
import { CommandError } from '../command.ts';
import { decodedParts, detectEncoding } from '../decode-text.ts';

/**
 * The records a file names, in its order: a record id or the tenant's own key of a person on each line. Of a
 * person all living records go. A line that names nothing living ends it: nothing is left out in silence.
 * `repeated`: how many records more than one line names.
 * @throws CommandError
 */
export async function recordsOfFile(
  file: string,
  client: Client,
): Promise<{ records: RecordToDispose[]; repeated: number }> {
  const records = new Map<string, RecordToDispose>();
  const again = new Set<string>();
  for (const [at, line] of (await linesOf(file)).entries()) {
    for (const record of await recordsOfLine(line, at + 1, client)) {
      if (records.has(record.recordId)) again.add(record.recordId);
      records.set(record.recordId, record);
    }
  }
  if (records.size === 0) throw new CommandError('The file names no record.');
  return { records: [...records.values()], repeated: again.size };
}

async function linesOf(file: string): Promise<string[]> {
  const encoding = await detectEncoding(file);
  let text = '';
  for await (const part of decodedParts(file, encoding)) text += part;
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

async function recordsOfLine(
  line: string,
  number: number,
  client: Client,
): Promise<RecordToDispose[]> {
  if (isUuid(line)) {
    const { individualRef } = await client.getRecord(line);
    return [{ recordId: line, individualRef }];
  }
  // What looks like a number is not looked up, and not repeated.
  if (!isIndividualRef(line))
    throw new CommandError(`Line ${number} is neither a record id nor a key of a person.`);
  const found = await client.findRecords({ individualRef: line });
  if (found.length === 0) throw new CommandError(`Line ${number} names nobody with a record.`);
  return found.map(({ recordId }) => ({ recordId, individualRef: line }));
}
