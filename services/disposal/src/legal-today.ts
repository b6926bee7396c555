import { readFileSync } from 'node:fs';
import { isLegalDay } from '@mnv/bango-ho';
import type { LegalDay } from '@mnv/bango-ho';
import { legalDayOf } from '@mnv/core';
import type { Clock } from '@mnv/core';
import { StartupError } from '@mnv/service-kit';

const SETTING = 'DISPOSAL_LEGAL_DAY_FILE';

/**
 * The legal day by which lives are counted: that of the clock in Asia/Tokyo. In development a file may name
 * another (`YYYY-MM-DD`), so that a year can be lived in a minute; it sets no clock that security rests on.
 * Throws StartupError for such a file outside development.
 */
export function makeLegalToday({
  clock,
  profile,
  dayFile,
}: {
  clock: Clock;
  profile: 'development' | 'production';
  dayFile: string | undefined;
}): () => LegalDay {
  if (dayFile === undefined) return () => legalDayOf(clock());
  if (profile !== 'development')
    throw new StartupError([SETTING], 'legal days follow the calendar outside development');
  return () => dayIn(dayFile) ?? legalDayOf(clock());
}

/** Undefined where there is no file. */
function dayIn(file: string): LegalDay | undefined {
  try {
    const day = readFileSync(file, 'utf8').trim();
    if (!isLegalDay(day)) throw new Error('the file of the legal day names no day');
    return day;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
