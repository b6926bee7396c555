import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { makeLegalToday } from '../src/legal-today.ts';

const directory = mkdtempSync(join(tmpdir(), 'legal-day-'));
const dayFile = join(directory, 'day');
afterAll(() => rmSync(directory, { recursive: true }));

/** 24 November in London is the 25th in Tokyo. */
const clock = () => Date.parse('2026-11-24T15:30:00Z');

describe('the legal day', () => {
  it('is that of Tokyo, wherever the machine stands', () => {
    const today = makeLegalToday({ clock, profile: 'production', dayFile: undefined });
    expect(today()).toBe('2026-11-25');
  });

  it('is named by a file in development, while there is one', () => {
    const today = makeLegalToday({ clock, profile: 'development', dayFile });
    expect(today()).toBe('2026-11-25');
    writeFileSync(dayFile, '2027-03-31\n');
    expect(today()).toBe('2027-03-31');
    writeFileSync(dayFile, '2027-02-30\n');
    expect(today).toThrow('names no day');
  });

  it('cannot be set outside development', () => {
    expect(() => makeLegalToday({ clock, profile: 'production', dayFile })).toThrow(
      'DISPOSAL_LEGAL_DAY_FILE',
    );
  });
});
