import type { Client } from '@mnv/client';
import type { DocumentMetadata, Scope } from '@mnv/core';
import { isUuid } from '@mnv/core';
import { UsageError, textOf } from '../command.ts';
import type { Surroundings, Values } from '../command.ts';
import { PERSON_OPTIONS, TENANT_OPTION, withClient } from '../connection-options.ts';
import { table } from '../table.ts';

/** The options of every command about copies of identity documents. */
export const DOCUMENT_OPTIONS = {
  ...PERSON_OPTIONS,
  tenant: TENANT_OPTION,
  json: { type: 'boolean', help: 'Print JSON.' },
} as const;

export const RECORD_OPTION = {
  type: 'string',
  value: 'RECORD',
  help: 'The record it belongs to.',
  required: true,
} as const;

/** An id that was given; what it was is not repeated. Throws UsageError. */
export function idOf(values: Values, name: string): string {
  const id = textOf(values, name);
  if (isUuid(id)) return id;
  throw new UsageError(`--${name} is an id, a UUID in lower case.`);
}

export function withDocuments<Result>(
  { values, surroundings }: { values: Values; surroundings: Surroundings },
  scopes: readonly Scope[],
  work: (documents: Client['identityDocuments']) => Promise<Result>,
): Promise<Result> {
  const tenant = textOf(values, 'tenant');
  return withClient({ values, tenant, scopes, surroundings }, (client) =>
    work(client.identityDocuments),
  );
}

const PURGED_FOR = { time: '期限経過', disposal: '記録の廃棄' } as const;

/** What is known of copies, as a table. */
export function documentTable(documents: readonly DocumentMetadata[]): string {
  return table(
    ['写し / copy', '確認 / check', '形式', 'バイト', '確認日', '保存期限', '消去'],
    documents.map((one) => [
      one.documentId,
      one.check,
      one.mediaType,
      String(one.bytes),
      one.verifiedOn ?? '',
      one.held ? `${one.keptUntil} 法的保全中 / held` : one.keptUntil,
      one.purged ? `${one.purged.at} ${PURGED_FOR[one.purged.because]}` : '',
    ]),
  );
}
