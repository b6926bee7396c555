import type { Table } from '@mnv/register-document';
import type { LegalDay } from '@mnv/bango-ho';
import { legalDayOf } from '@mnv/core';
import type { Caller } from '@mnv/service-kit';
import type { DeliveredCertificate } from '../certificates/certificate-delivery.repository.ts';
import type { Disposal } from '../disposals/disposal.ts';
import type { KeptCarriedItem } from '../retention/carried/carried-item.ts';
import type { ShownCourse } from '../retention/refusals/refusals.routes.ts';
import type { RegisteredFile } from '../retention/registers/file-register.repository.ts';
import type { SubcontractorDeletion } from '../retention/subcontractors/subcontractor-deletion.ts';
import { carriedTable } from './carried-table.ts';
import { certificatesTable } from './certificates-table.ts';
import { disposalsTable } from './disposals-table.ts';
import { filesTable } from './files-table.ts';
import type { FilesKeptBy } from './files-table.ts';
import { handlersTable } from './handlers-table.ts';
import type { ProxyFacts, PurgedCopy } from './proxy-facts.ts';
import { refusalsTable } from './refusals-table.ts';
import { subcontractorsTable } from './subcontractors-table.ts';

export type AskedRegister = FilesKeptBy & {
  caller: Caller;
  tenantId: string;
  from: LegalDay;
  to: LegalDay;
};
type InPeriod<T> = (asked: AskedRegister) => AsyncIterable<T>;

/** What registers are made of. */
export type RegisterSources = {
  proxy: ProxyFacts;
  today(): LegalDay;
  files(tenantId: string): Promise<RegisteredFile[]>;
  disposals: InPeriod<Disposal>;
  certificates: InPeriod<DeliveredCertificate>;
  carried: InPeriod<KeptCarriedItem>;
  deletions: InPeriod<SubcontractorDeletion>;
  courses: InPeriod<ShownCourse>;
};

type Kind = {
  title: string;
  basis: string;
  tables(from: RegisterSources, asked: AskedRegister): Promise<[Table, ...Table[]]>;
};

/** The registers made here, by the word a path names them with. */
export const KINDS = {
  files: {
    title: '特定個人情報ファイル管理台帳',
    basis: '安全管理措置 別添1 C-c',
    async tables({ files, proxy, today }, asked) {
      const accessList = await proxy.accessList(asked.caller, daysOf(asked));
      const { responsible, department } = asked;
      const shown = { asOf: today(), accessList, responsible, department };
      return [filesTable(await files(asked.tenantId), shown), handlersTable(accessList)];
    },
  },
  handlers: {
    title: '事務取扱担当者の名簿',
    basis: '安全管理措置 別添1 0-C, C-c',
    tables: async ({ proxy }, asked) => [
      handlersTable(await proxy.accessList(asked.caller, daysOf(asked))),
    ],
  },
  disposals: {
    title: '特定個人情報ファイルの削除・廃棄の記録',
    basis: '安全管理措置 別添1 C-b ③',
    async tables({ disposals, proxy, today }, asked) {
      // A disposal is approved and ordered after its draft, and perhaps after the period.
      const until = { ...daysOf(asked), to: asked.to > today() ? asked.to : today() };
      const acts = await proxy.disposalActs(asked.caller, until);
      const copies = within(asked, proxy.purgedCopies(asked.caller, asked.tenantId));
      return [disposalsTable(disposals(asked), acts, copies)];
    },
  },
  certificates: {
    title: '廃棄証明書の記録',
    basis: '安全管理措置 別添1 C-b ④',
    tables: async ({ certificates }, asked) => [certificatesTable(certificates(asked))],
  },
  carried: {
    title: '書類・媒体等の持ち運びの記録',
    basis: '安全管理措置 別添1 C-b ②',
    tables: async ({ carried }, asked) => [carriedTable(carried(asked))],
  },
  subcontractors: {
    title: '委託先による削除・廃棄の証明の記録',
    basis: '安全管理措置 別添1 C-b ④',
    tables: async ({ deletions }, asked) => [subcontractorsTable(deletions(asked))],
  },
  refusals: {
    title: '個人番号の提供を受けられなかった経過の記録',
    basis: '提供拒否の経過',
    tables: async ({ courses }, asked) => [refusalsTable(courses(asked), asked)],
  },
} as const satisfies Record<string, Kind>;

export type RegisterKind = keyof typeof KINDS;

/** Purged on a day of the period (Tokyo). */
async function* within(
  { from, to }: AskedRegister,
  copies: AsyncIterable<PurgedCopy>,
): AsyncGenerator<PurgedCopy> {
  for await (const copy of copies) {
    const day = copy.purged && legalDayOf(Date.parse(copy.purged.at));
    if (day !== undefined && day >= from && day <= to) yield copy;
  }
}

function daysOf({ tenantId, from, to }: AskedRegister) {
  return { tenantId, from, to };
}
