/** The tables the role `disposal_service` may touch. */
export type DisposalDatabase = Record<string, never>;
