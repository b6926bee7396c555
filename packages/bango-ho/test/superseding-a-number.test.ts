import { describe, expect, it } from '@jest/globals';
import type { RecordFact, RecordHistory, Supersession } from '@mnv/bango-ho';
import { lifeOfRecord } from '@mnv/bango-ho';
import fc from 'fast-check';
import {
  TODAY,
  career,
  employee,
  note,
  numberOf,
  omitted,
  reasonsOf,
  relation,
} from './history.ts';

const CHANGED: Supersession = { reason: 'changed', from: '2025-06-01' };
const CORRECTED: Supersession = { reason: 'corrected', from: '2025-06-01' };

const submitted = (on: string, changes: object = {}): RecordFact => ({
  ...note(on),
  kind: 'document-submitted',
  document: 'taishoku',
  reference: `file ${on}`,
  deadline: on,
  ...changes,
});
const destroyed = (reference: string, on: string): RecordFact => ({
  ...note(on),
  kind: 'document-destroyed',
  document: 'taishoku',
  reference,
});
const old = (
  events: readonly RecordFact[],
  superseded = CHANGED,
  usesBook: RecordHistory['usesBook'] = 'no',
): RecordHistory => ({ ...employee(events, usesBook), superseded });
const successor = (events: readonly RecordFact[], usesBook: RecordHistory['usesBook'] = 'no') => ({
  ...employee(events, usesBook),
  numberFrom: CHANGED.from,
});
const papersOf = (history: RecordHistory) =>
  lifeOfRecord(history, TODAY).documents.map(({ reference }) => reference);

const working = relation('hired', '2020-04-01');

describe('a number that was changed', () => {
  it('is due from the day the other holds where no form was filed with it, though the person works on (番号法20条)', () => {
    expect(numberOf(old([working]))).toMatchObject({
      keepThrough: '2025-05-31',
      deletableFrom: '2025-06-01',
      blockedBy: [],
      grounds: [{ kind: 'superseded', name: 'changed', until: '2025-05-31' }],
    });
  });

  it('stays as long as a form that was filed with it (所得税法施行規則76条の3)', () => {
    const events = [working, submitted('2024-01-20')];
    expect(numberOf(old(events))).toMatchObject({
      keepThrough: '2032-01-10',
      deletableFrom: '2032-01-11',
    });
  });

  it('stays for none that was filed later, or destroyed since', () => {
    expect(numberOf(old([working, submitted('2025-06-01')])).deletableFrom).toBe('2025-06-01');
    const gone = [submitted('2024-01-20'), destroyed('file 2024-01-20', '2026-01-10')];
    expect(numberOf(old([working, ...gone])).deletableFrom).toBe('2025-06-01');
  });

  it('stays for the declarations that omitted it, not for those since (国税庁FAQ Q1-3-7)', () => {
    const before = [working, omitted('2025-01-23'), omitted('2026-01-23')];
    expect(numberOf(old(before, CHANGED, 'yes')).keepThrough).toBe('2033-01-10');
    expect(numberOf(successor(before, 'yes')).keepThrough).toBe('2034-01-10');
    const since = [working, omitted('2026-01-23')];
    expect(numberOf(old(since, CHANGED, 'yes')).deletableFrom).toBe('2025-06-01');
  });

  it('waits for a person while the book is undecided, no declaration is known, or its forms have no sure rule', () => {
    expect(reasonsOf(old([working], CHANGED, 'undecided'))).toEqual(['book-undecided']);
    expect(reasonsOf(old([working], CHANGED, 'yes'))).toEqual(['clock-not-started']);
    const unsure = submitted('2024-04-05', { document: 'kenpo' });
    expect(reasonsOf(old([working, unsure]))).not.toEqual([]);
    const copy = submitted('2024-04-05', { document: 'gensen_copy' });
    expect(numberOf(old([working, copy]))).toMatchObject({
      keepThrough: '2025-05-31',
      deletableFrom: null,
    });
  });

  it('is never due before the other holds, however old its forms are', () => {
    const events = [working, submitted('2015-12-01', { deadline: '2015-12-01' })];
    expect(numberOf(old(events)).deletableFrom).toBe('2025-06-01');
  });

  it('lives no longer for whatever becomes of the person', () => {
    fc.assert(
      fc.property(
        fc.subarray([...career, relation('re-hired', '2028-04-01')]),
        fc.boolean(),
        (events, filed) => {
          const own = filed ? [submitted('2024-01-20')] : [];
          const relations = events.filter(({ kind }) => kind !== 'number-omitted');
          expect(numberOf(old([...relations, ...own])).deletableFrom).toBe(
            filed ? '2032-01-11' : '2025-06-01',
          );
        },
      ),
    );
  });
});

describe('the number after it', () => {
  it('lives by the whole history of the person, and without the papers of the one before', () => {
    const events = [...career, submitted('2024-01-20'), submitted('2025-07-01')];
    expect(numberOf(successor(events, 'yes'))).toEqual(numberOf(employee(events, 'yes')));
    expect(papersOf(successor(events))).toEqual(['file 2025-07-01']);
    expect(papersOf(old(events))).toEqual(['file 2024-01-20']);
  });
});

describe('a number that was mistyped', () => {
  it('has no ground at all, whatever was filed, omitted or left undecided', () => {
    const events = [working, submitted('2024-01-20'), omitted('2025-01-23')];
    for (const usesBook of ['yes', 'no', 'undecided'] as const)
      expect(numberOf(old(events, CORRECTED, usesBook))).toMatchObject({
        deletableFrom: '2025-06-01',
        blockedBy: [],
      });
  });

  it('leaves its papers to its successor', () => {
    const events = [working, submitted('2024-01-20')];
    expect(papersOf(old(events, CORRECTED))).toEqual([]);
    expect(papersOf(employee(events))).toEqual(['file 2024-01-20']);
  });
});
