import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { LAW } from '@mnv/bango-ho';
import { retentionDocument } from '../src/documents/retention-document.ts';
import { SAFEGUARD_ANSWERS } from '../src/documents/safeguard-answers.ts';
import { safeguardsDocument } from '../src/documents/safeguards-document.ts';

const written = (name: string) =>
  readFileSync(new URL(`../../../docs/${name}.md`, import.meta.url), 'utf8');

describe('the documents generated from the law table', () => {
  it('are those that `npm run documents` writes', () => {
    expect(written('safeguards')).toBe(safeguardsDocument());
    expect(written('retention')).toBe(retentionDocument());
  });

  it('answer every item of 別添1, and no other', () => {
    expect(Object.keys(SAFEGUARD_ANSWERS)).toEqual(LAW.safeguards.map(({ code }) => code));
    expect(Object.values(SAFEGUARD_ANSWERS).every(({ people }) => people.length > 0)).toBe(true);
  });

  it('name every retention rule with its confidence', () => {
    for (const { code, confidence } of LAW.retentionRules)
      expect(written('retention')).toMatch(
        new RegExp(`^\\| ${code} \\|.*\\| ${confidence} \\|`, 'm'),
      );
  });
});
