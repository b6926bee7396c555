import { chunksOf, mapInOrder } from '@mnv/client';
import { parseStrictJson } from '@mnv/protocol';
import { readLines, requireNdjson, writeLine } from '@mnv/service-kit';
import { baselinePool, ownIdentity, serveBaseline, setting } from './baseline-server.ts';
import { insertEncrypted, openAndAudit } from './encrypted-rows.ts';
import type { Encryption, NewNumber } from './encrypted-rows.ts';

/** One hop: pgcrypto opens the rows and an audit row is written for each, in one transaction. No proof, no policy. */
const CHUNKS_IN_FLIGHT = 3;
const LINES_A_CHUNK = 250;

const pool = baselinePool();
const form = { encryption: setting('ENCRYPTION') as Encryption, key: setting('ENCRYPTION_KEY') };

type Answers = AsyncIterable<string>;
type Lines = AsyncIterable<Buffer>;

function disclosed(lines: Lines): Answers {
  return mapInOrder(lines, CHUNKS_IN_FLIGHT, async (line) => {
    const { recordIds } = parseStrictJson(line, { maxBytes: line.length }) as {
      recordIds: string[];
    };
    return linesFrom(await openAndAudit(pool, form, recordIds));
  });
}

function stored(lines: Lines): Answers {
  return mapInOrder(chunksOf(lines, LINES_A_CHUNK), CHUNKS_IN_FLIGHT, async ({ items }) => {
    const records = items.map(
      (line) => parseStrictJson(line, { maxBytes: line.length }) as NewNumber,
    );
    return linesFrom(await insertEncrypted(pool, form, records));
  });
}

function linesFrom(rows: readonly object[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

await serveBaseline(
  ownIdentity(),
  [
    requireNdjson(),
    async (req, res) => {
      const lines = readLines(req);
      const answers = req.path.endsWith('/disclosures/batch') ? disclosed(lines) : stored(lines);
      res.type('application/x-ndjson');
      for await (const text of answers) await writeLine(res, text);
      res.end();
    },
  ],
  () => pool.end(),
);
