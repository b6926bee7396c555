import { PROVED, CONDITIONAL, NOT_PROVABLE } from './claim-texts.ts';
import type { ClaimText } from './claim-texts.ts';
import { object, oneOf } from './shape.ts';
import type { Shape } from './shape.ts';

/** What stands on every certificate of this version, word for word: who changes a word changes what is claimed. */
export const CLAIMS = { proved: PROVED, conditional: CONDITIONAL, notProvable: NOT_PROVABLE };

export type ClaimId = (typeof PROVED | typeof CONDITIONAL | typeof NOT_PROVABLE)[number]['id'];

/** The claims of this version and no others. */
export const claimsShape = object({
  proved: exactly(PROVED),
  conditional: exactly(CONDITIONAL),
  notProvable: exactly(NOT_PROVABLE),
});

/** Each claim as its text stands, in order. */
function exactly(claims: readonly ClaimText[]): Shape<ClaimText[]> {
  const shapes = claims.map(({ id, ja, en }) =>
    object({ id: oneOf(id), ja: oneOf(ja), en: oneOf(en) }),
  );
  return {
    faultIn: (value, path) => {
      if (!Array.isArray(value) || value.length !== shapes.length) return path;
      return shapes
        .map((shape, at) => shape.faultIn(value[at], `${path}[${at}]`))
        .find((fault) => fault !== undefined);
    },
  };
}
