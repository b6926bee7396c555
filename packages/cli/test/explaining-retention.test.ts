import { describe, expect, it } from '@jest/globals';
import { explainRetention } from '../src/retention/retention-explain.ts';

const ask = (rule: string, event: string) =>
  explainRetention(['--rule', rule, '--event', event, '--json']);

describe('mynumber retention explain', () => {
  it('answers with one JSON line that has the days, the steps, the citation and the confidence', () => {
    const { exitCode, stdout, stderr } = ask('R-TAX7', '2026-01-23');

    expect([exitCode, stderr, stdout.split('\n').length]).toEqual([0, '', 2]);
    expect(JSON.parse(stdout)).toEqual({
      rule: 'R-TAX7',
      event: '2026-01-23',
      keepThrough: '2034-01-10',
      deletableFrom: '2034-01-11',
      deleteBy: null,
      trace: expect.arrayContaining([expect.stringContaining('2027-01-11')]),
      citation: expect.stringContaining('所得税法施行規則76条の3'),
      confidence: 'confirmed-secondary',
    });
  });

  it('gives a maximum as a day to delete by, not as a day to keep through', () => {
    expect(JSON.parse(ask('R-COPY7', '2026-01-31').stdout)).toMatchObject({
      keepThrough: null,
      deletableFrom: null,
      deleteBy: '2033-01-31',
      confidence: 'needs-check',
    });
  });

  it('prints the same for a person without --json', () => {
    const { stdout } = explainRetention(['--event=2026-03-31', '--rule=R-EI4']);

    expect(stdout).toContain('keepThrough: 2030-03-31\n');
    expect(stdout).toContain('citation: 雇用保険法施行規則143条\n');
    expect(stdout).toContain('deleteBy: -\n');
  });

  it.each([
    ['an unknown rule', ['--rule', 'R-NONE', '--event', '2026-01-23']],
    ['a day that does not exist', ['--rule', 'R-TAX7', '--event', '2026-02-29']],
    ['a day before the table begins', ['--rule', 'R-TAX7', '--event', '2015-10-04']],
    ['a period that leaves the calendar', ['--rule', 'R-TAX7', '--event', '9995-01-01']],
    ['a missing event', ['--rule', 'R-TAX7']],
    ['an unknown option', ['--rule', 'R-TAX7', '--event', '2026-01-23', '--days', '7']],
    ['a stray word', ['--rule', 'R-TAX7', '--event', '2026-01-23', 'please']],
  ])('ends with 2, an empty stdout and the usage on stderr for %s', (_case, argv) => {
    const { exitCode, stdout, stderr } = explainRetention(argv);

    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain('usage: mynumber retention explain');
  });

  it('never repeats what was given to it in a message', () => {
    const secret = 'SECRET-SHAPED-INPUT';

    const said = [
      ask(secret, '2026-01-23'),
      ask('R-TAX7', secret),
      explainRetention([`--${secret}`]),
      explainRetention([secret]),
    ].map(({ stdout, stderr }) => stdout + stderr);

    expect(said.join('')).not.toContain(secret);
    expect(said.every((text) => text.length > 0)).toBe(true);
  });
});
