/** The closed list of rights an access token can carry. */
export const SCOPES = [
  'number:read',
  'number:write',
  'record:read',
  'log:read',
  'report:read',
  'disposal:request',
  'disposal:approve',
  'hold:write',
  'admin',
] as const;

export type Scope = (typeof SCOPES)[number];
