import type { CertificateItem, DisposalCertificate } from './certificate-format.ts';

type Note = { ja: string; en: string };

/** Of how many records a certificate says that releases before an instant may be missing, and the last such. */
export type MayLack = { records: number; before: string };

/** Undefined when the vault was restored in the life of none of the records. */
export function mayLackIn({ items }: Pick<DisposalCertificate, 'items'>): MayLack | undefined {
  const instants = items.flatMap(({ egress }) => egress.mayLackBefore ?? []).toSorted();
  const before = instants.at(-1);
  return before === undefined ? undefined : { records: instants.length, before };
}

/** The instant in ms; without one nothing is excused. */
export function mayLackUntil({ mayLackBefore }: CertificateItem['egress']): number {
  return mayLackBefore === undefined ? Number.NEGATIVE_INFINITY : Date.parse(mayLackBefore);
}

export function mayLackNote({ records, before }: MayLack): Note {
  return {
    ja: `金庫のデータベースは控えから復元された。${records}件の記録について、${before} より前の開示は、失われて記載されていないことがある。`,
    en: `The vault’s database was restored from a backup: of ${records} records, releases before ${before} may have been lost and are then not stated.`,
  };
}

/** What the access log tells of them. */
export function lackingNote({ records, releases }: { records: number; releases: number }): Note {
  return {
    ja: `アクセス記録にあり、証明書に欠ける開示：${releases}回（記録${records}件）。この開示については、アクセス記録による。`,
    en: `The access log tells of ${releases} releases of ${records} records that the certificate lacks: for these go by the log.`,
  };
}

export const NONE_LACKING: Note = {
  ja: 'アクセス記録にあって、証明書に欠ける開示はない。',
  en: 'The access log tells of no release that the certificate lacks.',
};

export const LOG_ENDS_BEFORE: Note = {
  ja: '与えられたアクセス記録は、その時点より前に終わる。',
  en: 'The access log given ends before that instant.',
};

/** One note of several. */
export function joined(...notes: readonly (Note | undefined)[]): Note {
  const given = notes.filter((note) => note !== undefined);
  return { ja: given.map(({ ja }) => ja).join(''), en: given.map(({ en }) => en).join(' ') };
}
