import { IndividualNumber } from '@mnv/core';
import { UnopenableError } from './unopenable-error.ts';

/** Fixed, so that no ciphertext length tells what is inside. */
export const BLOCK_BYTES = 32;

const HEADER = Buffer.of(1, 1, 12);
const DIGITS_END = HEADER.length + 12;

/** `version ‖ type ‖ length ‖ twelve ASCII digits ‖ zeros`. The caller wipes the block after sealing it. */
export function individualNumberBlock(number: IndividualNumber): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  HEADER.copy(block);
  block.write(number.reveal(), HEADER.length, 'latin1');
  return block;
}

/** The number of a block. A block that is not exactly canonical is refused like one that does not open. */
export function individualNumberFromBlock(block: Buffer): IndividualNumber {
  const canonical =
    block.length === BLOCK_BYTES &&
    block.subarray(0, HEADER.length).equals(HEADER) &&
    block.subarray(DIGITS_END).every((byte) => byte === 0);
  if (!canonical) throw new UnopenableError();
  const number = IndividualNumber.parse(block.toString('latin1', HEADER.length, DIGITS_END));
  if (number === undefined) throw new UnopenableError();
  return number;
}
