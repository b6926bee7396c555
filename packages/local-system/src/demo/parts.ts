/** Who plays which part in the run; all are sample people of the local system. */
export const TENANT = 't-001';
export const OTHER_TENANT = 't-002';
/** The payroll system. */
export const CLIENT = 'payroll';
/** Trained, and assigned to the tenant's work. */
export const OPERATOR = 'operator-1';
/** Assigned, but without training. */
export const UNTRAINED_OPERATOR = 'operator-2';
/** Works for the other tenant alone. */
export const OTHER_OPERATOR = 'operator-4';
/** Asks for disposals. */
export const REQUESTER = 'requester-1';
/** Approve them; neither asked. */
export const APPROVERS = ['approver-1', 'approver-2'] as const;
export const COMPLIANCE_OFFICER = 'compliance-officer-1';
export const AUDITOR = 'auditor-1';
