/**
 * A sealed block does not open. One error for every cause (wrong key, wrong place, changed bytes, unknown
 * version), so that the difference tells an attacker nothing. It carries no bytes of the block.
 */
export class UnopenableError extends Error {
  override readonly name = 'UnopenableError';

  constructor() {
    super('a sealed block does not open');
  }
}
