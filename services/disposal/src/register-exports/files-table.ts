import { findPurpose } from '@mnv/bango-ho';
import type { Table } from '@mnv/register-document';
import type { RegisteredFile } from '../retention/registers/file-register.repository.ts';
import { whoHeld } from './handlers-table.ts';
import type { AccessListEntry } from './proxy-facts.ts';
import { SUBJECTS_IN_WORDS } from './subjects.ts';

/** What the tenant says of its files; nobody here knows it. */
export type FilesKeptBy = { responsible: string; department: string };

/** 別添1 C-c: which files of numbers there are, and who has access to each. */
export function filesTable(
  files: readonly RegisteredFile[],
  {
    asOf,
    accessList,
    responsible,
    department,
  }: FilesKeptBy & { asOf: string; accessList: readonly AccessListEntry[] },
): Table {
  return {
    title: '特定個人情報ファイル',
    columns: [
      { head: '基準日', width: 58 },
      { head: 'ファイルの種類・名称', width: 80 },
      { head: '対象者', width: 60 },
      { head: '利用目的', width: 110 },
      { head: '責任者', width: 56 },
      { head: '取扱部署', width: 56 },
      { head: 'アクセス権を有する者', width: 178 },
      { head: '保有件数', width: 36, align: 'right' },
      { head: '凍結件数', width: 36, align: 'right' },
      { head: '削除・廃棄済み件数', width: 46, align: 'right' },
      { head: '保存期限', width: 58 },
    ],
    rows: files.map((file) => {
      const subject = SUBJECTS_IN_WORDS[file.subject] ?? file.subject;
      const purpose = findPurpose(file.purpose)?.nameJa ?? file.purpose;
      const kind = [asOf, `${subject} ${file.purpose}`, subject, purpose];
      const counts = [file.living, file.frozen, file.erased].map(String);
      const access = whoHeld(accessList, file.purpose);
      return [...kind, responsible, department, access, ...counts, file.keptUntil ?? '未定'];
    }),
  };
}
