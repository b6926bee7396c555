import { table } from '@mnv/cli';

/** One month of the year as it ended. */
export type YearMonth = {
  day: string;
  what: string;
  /** Events told in it, and what the tenant's registers say after it. */
  events: number;
  living: number;
  due: number;
  disposed: number;
};

/** What `npm run demo -- --year --json` prints. */
export type YearResult = {
  people: number;
  /** Legal days of its beginning and end. */
  from: string;
  to: string;
  hired: number;
  disclosed: number;
  left: number;
  dependantsEnded: number;
  payeesEnded: number;
  /** Records due at the end, and of these dependants and spouses that went along with an employee. */
  due: number;
  goingAlong: number;
  disposed: number;
  certificates: { number: number; verified: boolean; acknowledged: boolean }[];
  months: YearMonth[];
  seconds: Record<string, number>;
};

/** What is less than the year promises, one sentence each. */
export function yearShortfalls(result: YearResult): string[] {
  const { disposed, due, people, hired, disclosed, certificates, left, goingAlong } = result;
  const expected = left + goingAlong + result.dependantsEnded + result.payeesEnded;
  const checks: readonly (readonly [boolean, string])[] = [
    [disclosed === people, `payroll received ${disclosed} of ${people} numbers`],
    [due === expected, `${due} records were due, ${expected} people had ended`],
    [disposed === due, `${disposed} of ${due} due records were disposed of`],
    [
      result.months.at(-1)?.living === people + hired - disposed,
      'the register of files counts other living numbers than remained',
    ],
    [certificates.length > 0, 'there is no certificate'],
    [
      certificates.every(({ verified, acknowledged }) => verified && acknowledged),
      'a certificate was not verified or not acknowledged',
    ],
  ];
  return checks.flatMap(([holds, sentence]) => (holds ? [] : [sentence]));
}

/** The year for a reader, month by month. */
export function yearInWords(result: YearResult): string {
  const rows = result.months.map((month) => [
    month.day,
    month.what,
    String(month.events),
    String(month.living),
    String(month.due),
    String(month.disposed),
  ]);
  const heads = [
    '法定の日付 / day',
    'できごと / what',
    '登録',
    '保有 / living',
    '廃棄対象 / due',
    '廃棄済み',
  ];
  return [
    table(heads, rows),
    `${result.disposed} of ${result.due} due records disposed of, ${result.goingAlong} of them families; certificates: ${result.certificates
      .map(({ number, verified, acknowledged }) =>
        [
          `no. ${number}`,
          verified ? 'verified' : 'NOT verified',
          acknowledged ? 'acknowledged' : 'NOT acknowledged',
        ].join(' '),
      )
      .join(', ')}; ${result.seconds['total']} s`,
    '',
  ].join('\n');
}
