export type TransparencyLogErrorCode =
  | 'malformed-note'
  | 'malformed-key'
  | 'malformed-checkpoint'
  | 'malformed-policy'
  | 'malformed-proof'
  | 'malformed-tile'
  | 'malformed-witness-message'
  | 'no-verifier'
  | 'unsigned'
  | 'signature-invalid'
  | 'origin-mismatch'
  | 'quorum-missing'
  | 'inclusion-unproven'
  | 'tile-missing'
  | 'tile-contradicts'
  | 'nothing-to-verify';

/** Anything that keeps a log, a note or a proof from being believed. Messages never quote the input. */
export class TransparencyLogError extends Error {
  override readonly name: string = 'TransparencyLogError';
  readonly code: TransparencyLogErrorCode;

  constructor(code: TransparencyLogErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** A signed note, a key, a checkpoint or a policy that is malformed or not signed as required. */
export class NoteError extends TransparencyLogError {
  override readonly name = 'NoteError';
}
