import type { LawDocument } from '../document.ts';
import type { Provenance } from '../provenance.ts';
import { toBeChecked } from './provenance-of.ts';

type Names = readonly [code: string, nameJa: string, nameEn: string];

/** A statement nobody has compared with a publication. */
export const unsure = (citation: string): Provenance =>
  toBeChecked(citation, 'no published source was compared');

/** A document the employer keeps. */
export function kept([code, nameJa, nameEn]: Names, provenance: Provenance): LawDocument {
  const place = { whereabouts: 'kept', copy: null, retention: 'ruled' } as const;
  return { code, nameJa, nameEn, number: 'borne', ...place, ...provenance };
}

/** A document that goes to an authority; a copy may stay. */
export function filed(
  [code, nameJa, nameEn]: Names,
  copy: string,
  provenance: Provenance,
): LawDocument {
  const place = { whereabouts: 'filed', copy, retention: 'not-established' } as const;
  return { code, nameJa, nameEn, number: 'borne', ...place, ...provenance };
}

/** A kept document whose retention rule is not established. */
export function unruled(names: Names, citation: string): LawDocument {
  return { ...kept(names, unsure(citation)), retention: 'not-established' };
}
