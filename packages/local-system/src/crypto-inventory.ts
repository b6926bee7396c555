import { readFileSync, writeFileSync } from 'node:fs';
import { faultsOf, inventoryDocument } from './inventory/inventory-document.ts';
import { readVersions } from './inventory/read-versions.ts';
import { sourcesUnder } from './inventory/scan-crypto.ts';

// Writes docs/crypto-inventory.md. Says what the register of uses lacks, and writes nothing, if it lacks something.
const root = new URL('../../..', import.meta.url).pathname;
const document = `${root}docs/crypto-inventory.md`;

const faults = faultsOf(sourcesUnder(root));
for (const fault of faults) process.stderr.write(`${fault}\n`);
if (faults.length > 0) process.exitCode = 1;
else
  writeFileSync(
    document,
    inventoryDocument(readVersions((path) => readFileSync(root + path, 'utf8'))),
  );
