import { writeFileSync } from 'node:fs';
import { retentionDocument } from './documents/retention-document.ts';
import { safeguardsDocument } from './documents/safeguards-document.ts';

const DOCS = new URL('../../../docs/', import.meta.url).pathname;

writeFileSync(`${DOCS}safeguards.md`, safeguardsDocument());
writeFileSync(`${DOCS}retention.md`, retentionDocument());
