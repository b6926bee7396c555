import { describe, expect, it } from '@jest/globals';
import { LAW } from '@mnv/bango-ho';

const names = LAW.safeguards.map(({ code, nameJa }) => `${code} ${nameJa}`);

describe('the safeguards of 別添1', () => {
  it('are the preparation and the categories A to G with every sub-item', () => {
    expect(names).toEqual([
      '0-A 個人番号を取り扱う事務の範囲の明確化',
      '0-B 特定個人情報等の範囲の明確化',
      '0-C 事務取扱担当者の明確化',
      'A 基本方針の策定',
      'B 取扱規程等の策定',
      'C-a 組織体制の整備',
      'C-b 取扱規程等に基づく運用',
      'C-c 取扱状況を確認する手段の整備',
      'C-d 情報漏えい等事案に対応する体制等の整備',
      'C-e 取扱状況の把握及び安全管理措置の見直し',
      'D-a 事務取扱担当者の監督',
      'D-b 事務取扱担当者の教育',
      'E-a 特定個人情報等を取り扱う区域の管理',
      'E-b 機器及び電子媒体等の盗難等の防止',
      'E-c 電子媒体等の取扱いにおける漏えい等の防止',
      'E-d 個人番号の削除、機器及び電子媒体等の廃棄',
      'F-a アクセス制御',
      'F-b アクセス者の識別と認証',
      'F-c 外部からの不正アクセス等の防止',
      'F-d 漏えい等の防止',
      'G 外的環境の把握',
    ]);
  });

  it('imply the five kinds of record of C-b', () => {
    expect(LAW.safeguards.find((row) => row.code === 'C-b')?.records).toHaveLength(5);
  });

  it('are each reached by a control, but for those that only paper can keep', () => {
    const reached = new Set(LAW.controls.flatMap((row) => row.safeguards));
    const unreached = LAW.safeguards.filter((row) => !reached.has(row.code)).map((row) => row.code);

    expect(unreached).toEqual(['0-A', '0-B', '0-C', 'A', 'B', 'D-a']);
  });

  it('map disposal to the deletion items of each standard', () => {
    expect(LAW.controls.find((row) => row.code === 'disposal')).toMatchObject({
      safeguards: ['E-d'],
      iso27001: ['8.10', '7.14', '7.10'],
      jis15001of2017: ['A.3.4.3.2'],
      iso27701of2019: ['8.4.2', '7.4.5', '7.4.7', '7.4.8'],
      confidence: 'needs-check',
    });
  });
});
