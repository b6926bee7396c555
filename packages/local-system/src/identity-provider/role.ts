import type { Scope } from '@mnv/core';

/** What a person is in the house, and which rights that gives. Nothing else gives rights. */
export const ROLE_SCOPES = {
  operator: ['number:read', 'number:write', 'record:read'],
  supervisor: ['number:read', 'number:write', 'record:read', 'report:read', 'hold:write'],
  requester: ['disposal:request', 'record:read'],
  approver: ['disposal:approve'],
  'compliance-officer': ['report:read', 'log:read', 'hold:write'],
  auditor: ['report:read', 'log:read'],
  administrator: ['admin'],
} as const satisfies Record<string, readonly Scope[]>;

export type Role = keyof typeof ROLE_SCOPES;

/** The scopes of several roles together, each once. */
export function scopesOf(roles: readonly Role[]): Scope[] {
  return [...new Set(roles.flatMap((role) => ROLE_SCOPES[role]))];
}
