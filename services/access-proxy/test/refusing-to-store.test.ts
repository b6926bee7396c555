import { describe, expect, it } from '@jest/globals';
import { refusalToStore } from '../src/records/refusal-to-store.ts';

describe('a record that the vault did not store', () => {
  it.each([
    ['record-exists', 'have a living record'],
    ['idempotency-mismatch', 'an Idempotency-Key of its own'],
    ['already-disposed', 'a new key'],
    ['record-damaged', 'did not store'],
  ] as const)('is refused as %s with what to do about it', (problem, words) => {
    expect(refusalToStore({ problem })).toMatchObject({ code: problem });
    expect(refusalToStore({ problem }).detail).toContain(words);
  });

  it('is refused in the words of the vault where it gave some', () => {
    const line = { problem: 'invalid-request', detail: 'Mend: subject.' } as const;

    expect(refusalToStore(line)).toMatchObject({ code: 'invalid-request', detail: line.detail });
  });

  it('is refused as not answered when there was no answer', () => {
    expect(refusalToStore(undefined).code).toBe('vault-unavailable');
  });
});
