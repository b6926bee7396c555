import type { Request } from 'express';
import { Refusal } from '@mnv/core';

const COUNT = /^[1-9][0-9]?$/;

/**
 * By how many witnesses a checkpoint is wanted to be cosigned, at least: `?witnesses=2`, one when it is not said.
 * A misspelt member is refused: who asked for two must not be given one.
 */
export function witnessesWanted({ query }: Pick<Request, 'query'>): number {
  const { witnesses = '1', ...others } = query;
  if (typeof witnesses !== 'string' || !COUNT.test(witnesses) || Object.keys(others).length > 0)
    throw new Refusal('invalid-request', 'Send "witnesses" from 1 to 99, and no more.');
  return Number(witnesses);
}
