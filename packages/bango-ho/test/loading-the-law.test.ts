import { describe, expect, it } from '@jest/globals';
import type { LawData } from '@mnv/bango-ho';
import { LAW, LAW_DATA, LawError, explain, loadLaw } from '@mnv/bango-ho';

/** The table with one row of one list changed. */
function changed<K extends keyof Omit<LawData, 'version' | 'book'>>(
  table: K,
  at: number,
  change: Partial<LawData[K][number]>,
): LawData {
  const rows = LAW_DATA[table].map((row, index) => (index === at ? { ...row, ...change } : row));
  return { ...LAW_DATA, [table]: rows };
}

const ruleAt = (code: string) => LAW_DATA.retentionRules.findIndex((row) => row.code === code);
const documentAt = (code: string) => LAW_DATA.documents.findIndex((row) => row.code === code);
const rule = (code: string, change: object) => changed('retentionRules', ruleAt(code), change);

/** R-EI2 as two versions that meet, or not, in 2027. */
function twoVersions(firstEnds: string | null, secondBegins: string): LawData {
  const row = LAW_DATA.retentionRules[ruleAt('R-EI2')];
  if (row === undefined) throw new Error('R-EI2 is not in the table');
  const later = {
    ...row,
    period: { unit: 'years', count: 3 },
    effectiveFrom: secondBegins,
  } as const;
  const rules = rule('R-EI2', { effectiveTo: firstEnds }).retentionRules;
  return { ...LAW_DATA, retentionRules: [...rules, later] };
}

function placesOf(data: LawData): string {
  try {
    loadLaw(data);
  } catch (error) {
    if (error instanceof LawError && error.code === 'table-invalid') return error.places.join('\n');
    throw error;
  }
  return 'loaded';
}

describe('loading the law', () => {
  it('accepts the table that ships', () => {
    expect(placesOf(LAW_DATA)).toBe('loaded');
  });

  it('answers from the version in force on the day of the event', () => {
    const law = loadLaw(twoVersions('2026-12-31', '2027-01-01'));

    const keep = (event: string) => explain({ rule: 'R-EI2', event }, law).keepThrough;

    expect([keep('2026-12-31'), keep('2027-01-01')]).toEqual(['2028-12-31', '2030-01-01']);
  });

  it.each<[string, LawData, string]>([
    [
      'a gap between versions',
      twoVersions('2026-12-31', '2027-01-02'),
      'retentionRules R-EI2: versions leave a gap from 2027-01-01',
    ],
    [
      'an overlap of versions',
      twoVersions('2027-01-01', '2027-01-01'),
      'retentionRules R-EI2: versions overlap from 2027-01-01',
    ],
    [
      'a version after one that has no end',
      twoVersions(null, '2027-01-01'),
      'retentionRules R-EI2: versions overlap from 2027-01-01',
    ],
    [
      'a document that no rule governs after a day',
      rule('R-EI2', { effectiveTo: '2026-12-31' }),
      'documents ei_other: no retention rule from 2027-01-01',
    ],
    [
      'a document that no rule governs at first',
      rule('R-EI2', { effectiveFrom: '2016-01-01' }),
      'documents ei_other: no retention rule from 2015-10-05',
    ],
    [
      'a rule over an unknown document',
      rule('R-EI2', { documents: ['ei_other', 'ei_othr'] }),
      'retentionRules R-EI2: unknown document ei_othr',
    ],
    [
      'a purpose with an unknown document',
      changed('purposes', 0, { documents: ['gensen', 'nothing'] }),
      'purposes TAX-WITHHOLD: unknown document nothing',
    ],
    [
      'a purpose that would put the number on a wage ledger',
      changed('purposes', 0, { documents: ['chingin_daicho'] }),
      'purposes TAX-WITHHOLD: chingin_daicho must not bear the number',
    ],
    [
      'a filed document without its kept copy',
      changed('documents', documentAt('gensen'), { copy: 'gensen' }),
      'documents gensen: is filed, yet its kept copy is not in the table',
    ],
    [
      'a missing citation',
      rule('R-TAX7', { citation: ' ' }),
      'retentionRules R-TAX7: citation is missing',
    ],
    [
      'a citation missing from a safeguard',
      changed('safeguards', 0, { citation: '' }),
      'safeguards 0-A: citation is missing',
    ],
    [
      'a confirmed row without a source',
      rule('R-TAX7', { sources: [] }),
      'retentionRules R-TAX7: a confirmed row names no source',
    ],
    [
      'a confirmed row that nobody confirmed',
      rule('R-TAX7', { confirmedBy: null }),
      'retentionRules R-TAX7: confirmedBy is missing',
    ],
    [
      'an unsure row that hides its doubt',
      rule('R-HP2', { doubt: '' }),
      'retentionRules R-HP2: needs-check, yet no doubt is named',
    ],
    [
      'a confidence that is not one of the three',
      rule('R-TAX7', { confidence: 'certain' }),
      'retentionRules R-TAX7: confidence is unknown',
    ],
    [
      'a rule surer than its clock',
      rule('R-TAX7', { clock: 'UNKNOWN' }),
      'retentionRules R-TAX7: is surer than its clock',
    ],
    [
      'an unknown clock',
      rule('R-TAX7', { clock: 'NOON' }),
      'retentionRules R-TAX7: unknown clock NOON',
    ],
    [
      'a period that is not a whole number',
      rule('R-TAX7', { period: { unit: 'years', count: 0.5 } }),
      'retentionRules R-TAX7: period is not a whole number',
    ],
    [
      'an effective day that does not exist',
      rule('R-TAX7', { effectiveFrom: '2026-02-30' }),
      'retentionRules R-TAX7: effectiveFrom is not a day',
    ],
    [
      'a row that ends before it begins',
      rule('R-TAX7', { effectiveTo: '2015-10-04' }),
      'retentionRules R-TAX7: effectiveTo is before effectiveFrom',
    ],
    [
      'a number column outside the record',
      changed('layouts', 0, { length: 132 }),
      'layouts 315 2020: a column lies outside the record',
    ],
    [
      'layouts of one form that leave a year out',
      changed('layouts', 0, { lastYear: 2023 }),
      'layouts 315: gap from 2024',
    ],
    [
      'layouts of one form that serve a year twice',
      changed('layouts', 0, { lastYear: 2025 }),
      'layouts 315: versions overlap from 2025',
    ],
    [
      'a mapping to a safeguard that does not exist',
      changed('controls', 0, { safeguards: ['H-a'] }),
      'controls purpose-bound-disclosure: unknown safeguard H-a',
    ],
    [
      'a category of safeguards left out',
      { ...LAW_DATA, safeguards: LAW_DATA.safeguards.filter((row) => row.category !== 'G') },
      'safeguards: category G is missing',
    ],
    [
      'a subject that nobody must verify',
      {
        ...LAW_DATA,
        verificationDuties: LAW_DATA.verificationDuties.filter((row) => row.subject !== 'S3'),
      },
      'purposes SI-NP3: nobody is named to verify subject S3',
    ],
    [
      'a book whose rule does not govern it',
      { ...LAW_DATA, book: { ...LAW_DATA.book, rule: 'R-TAX7' } },
      'book: its rule does not govern its document',
    ],
    [
      'a book whose purpose does not make it',
      { ...LAW_DATA, book: { ...LAW_DATA.book, purpose: 'EI' } },
      'book: its purpose does not make its document',
    ],
    ['an empty table', { ...LAW_DATA, controls: [] }, 'controls: is empty'],
  ])('refuses %s, and says where', (_case, data, place) => {
    expect(placesOf(data)).toContain(place);
  });

  it('names every fault at once', () => {
    const data = { ...rule('R-TAX7', { citation: '' }), controls: [] };

    expect(placesOf(data).split('\n').length).toBeGreaterThan(1);
  });

  it('cannot be changed after it was checked, nor through the data it was loaded from', () => {
    const data = structuredClone(LAW_DATA);
    const law = loadLaw(data);
    Object.assign(data.retentionRules[0] ?? {}, { citation: '' });

    expect(law.retentionRules[0]?.citation).not.toBe('');
    expect(() => Object.assign(LAW.purposes[0] ?? {}, { code: 'X' })).toThrow(TypeError);
    expect(() => Object.assign(LAW.purposes[0]?.subjects ?? [], ['H'])).toThrow(TypeError);
  });
});
