import { describe, expect, it } from '@jest/globals';
import { summariseAccesses } from '../src/summarise-accesses.ts';
import type { AccessReportRow } from '../src/index.ts';

function row(members: Partial<AccessReportRow>): AccessReportRow {
  return {
    at: '2026-12-10T00:00:00.000Z',
    kind: 'intent',
    who: 'somebody',
    onBehalf: 'payroll',
    operation: 'disclose',
    purpose: 'TAX-WITHHOLD',
    case: 'PAYROLL-2026-12',
    record: '',
    result: 'allow',
    count: 1,
    requestId: 'one',
    index: 0,
    ...members,
  };
}

describe('the summary of accesses', () => {
  it('counts what was recorded, delivered, refused and done otherwise', () => {
    const summary = summariseAccesses([
      row({}),
      row({}),
      row({ kind: 'outcome', result: 'delivered', count: 1 }),
      row({ kind: 'outcome', result: 'deny:record-not-found', count: 0 }),
      row({ kind: 'deny', result: 'deny:training-expired', requestId: 'two' }),
      row({ kind: 'act', operation: 'store', count: 250, requestId: 'three' }),
    ]);

    expect(summary).toEqual({
      entries: 6,
      intents: 2,
      delivered: 1,
      withoutOutcome: 0,
      refused: { 'record-not-found': 1, 'training-expired': 1 },
      acts: { store: 1 },
    });
  });

  it('tells how many requests may have released numbers without a recorded outcome', () => {
    const lost = [row({ requestId: 'lost' }), row({ requestId: 'lost' })];
    const answered = [row({}), row({ kind: 'outcome', result: 'unknown', count: 0 })];

    expect(summariseAccesses([...lost, ...answered])).toMatchObject({ withoutOutcome: 1 });
  });
});
