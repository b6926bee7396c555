import type { Fault } from './fault.ts';
import { fault } from './fault.ts';
import type { LawData } from './law.ts';
import type { Purpose } from './purpose.ts';
import { PURPOSE_OPERATIONS, PURPOSE_SUBJECTS } from './purpose.ts';
import { isSeason } from './season.ts';

/** What the purposes name must exist, and may bear the number. */
export function checkPurposes(data: LawData): Fault[] {
  return data.purposes.flatMap((row) => {
    const at = `purposes ${row.code}`;
    return [
      ...checkLists(at, row),
      ...checkDocuments(at, row, data),
      ...checkVerified(at, row, data),
    ];
  });
}

function checkLists(at: string, { subjects, operations, season }: Purpose): Fault[] {
  const known = subjects.length > 0 && subjects.every((one) => PURPOSE_SUBJECTS.includes(one));
  const doable =
    operations.length > 0 && operations.every((one) => PURPOSE_OPERATIONS.includes(one));
  return [
    ...(known ? [] : [fault(at, 'subjects are none or unknown')]),
    ...(doable ? [] : [fault(at, 'operations are none or unknown')]),
    ...(season === null || isSeason(season) ? [] : [fault(at, 'season is not two days of a year')]),
  ];
}

function checkDocuments(at: string, { documents }: Purpose, data: LawData): Fault[] {
  const none = documents.length === 0 ? [fault(at, 'names no document')] : [];
  return documents.reduce((faults, code) => {
    const document = data.documents.find((one) => one.code === code);
    if (document === undefined) return [...faults, fault(at, `unknown document ${code}`)];
    const forbidden = document.number === 'forbidden';
    return forbidden ? [...faults, fault(at, `${code} must not bear the number`)] : faults;
  }, none);
}

function checkVerified(at: string, { code, subjects }: Purpose, data: LawData): Fault[] {
  const covered = (subject: string) =>
    data.verificationDuties.some(
      (duty) => duty.subject === subject && (duty.purpose === code || duty.purpose === '*'),
    );
  return subjects
    .filter((subject) => !covered(subject))
    .map((subject) => fault(at, `nobody is named to verify subject ${subject}`));
}
