import { describe, expect, it } from '@jest/globals';
import { LAW, findLayout, isFillable } from '@mnv/bango-ho';

const places = (form: string, year: number) =>
  findLayout({ form, year })?.columns?.map(({ column }) => column);

describe('finding where a number stands in a form', () => {
  it.each([
    ['2200700', 34, [13]],
    ['2201700', 27, [11]],
    ['2202700', 139, [14, 29, 78, 111]],
    ['2225700', 53, [40]],
    ['2221700', 49, [40]],
    ['2265700', 21, [15]],
  ])(
    'form %s has %i fields and its numbers in %j (届書作成仕様書 第16.2版)',
    (form, length, columns) => {
      expect(findLayout({ form, year: 2026, layoutVersion: '16.2' })).toMatchObject({ length });
      expect(places(form, 2026)).toEqual(columns);
    },
  );

  it('reads record 315 of 2020 to 2024 in 144 fields, and leaves the lists of the fifth and on to be checked', () => {
    const layout = findLayout({ form: '315', year: 2024 });

    expect(layout?.length).toBe(144);
    expect(places('315', 2024)).toEqual([
      94, 95, 99, 103, 107, 111, 115, 119, 123, 127, 131, 132, 133,
    ]);
    expect(
      layout?.columns?.filter((row) => row.confidence === 'needs-check').map((row) => row.column),
    ).toEqual([132, 133]);
  });

  it('fills nothing by a layout that is unknown or needs checking', () => {
    const fillable = LAW.layouts
      .filter(isFillable)
      .map((row) => `${row.form} ${row.layoutVersion}`);

    expect(fillable).toEqual([
      '315 2020',
      '2200700 16.2',
      '2201700 16.2',
      '2202700 16.2',
      '2225700 16.2',
      '2221700 16.2',
      '2265700 16.2',
    ]);
    for (const form of ['375', '316', '309', '313', '376', '314', 'EI']) {
      expect(findLayout({ form, year: 2026 })).toMatchObject({
        columns: null,
        confidence: 'needs-check',
      });
    }
    expect(findLayout({ form: '315', year: 2025 })).toMatchObject({
      length: null,
      confidence: 'needs-check',
    });
  });

  it('has no layout for a year before the oldest, nor for another version', () => {
    expect(findLayout({ form: '315', year: 2019 })).toBeUndefined();
    expect(findLayout({ form: '2200700', year: 2026, layoutVersion: '15.0' })).toBeUndefined();
  });
});
