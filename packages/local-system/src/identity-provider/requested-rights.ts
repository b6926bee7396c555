import { isTenantId, type Scope } from '@mnv/core';
import { refuse } from './refuse.ts';
import { isScope } from './resource.ts';

/**
 * The one tenant a token is for. May stay unnamed where there is only one to choose.
 * @param allowed the tenants of everybody concerned, already intersected.
 */
export function chooseTenant(named: unknown, allowed: readonly string[]): string {
  if (named === undefined) {
    const [only, another] = allowed;
    if (only !== undefined && another === undefined) return only;
    return refuse('invalid_request', 'name one tenant');
  }
  if (typeof named !== 'string' || !isTenantId(named)) {
    return refuse('invalid_request', 'tenant must be one tenant id');
  }
  return allowed.includes(named) ? named : refuse('invalid_target', 'no right in this tenant');
}

/** The scopes asked for, all of which must be allowed; all that are allowed when none is named. */
export function chooseScopes(requested: unknown, allowed: readonly Scope[]): Scope[] {
  if (requested === undefined || requested === '') {
    return allowed.length > 0 ? [...allowed] : refuse('invalid_scope', 'no scope can be given');
  }
  if (typeof requested !== 'string') return refuse('invalid_request', 'scope must be one string');
  const names = [...new Set(requested.split(' '))];
  return names.map((name) =>
    isScope(name) && allowed.includes(name)
      ? name
      : refuse('invalid_scope', 'a requested scope is not among the rights'),
  );
}
