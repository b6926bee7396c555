import { z } from 'zod';
import { looksLikeIndividualNumber } from '@mnv/core';

/** Kept in clear for days: printable ASCII, and not itself a number. */
export const IdempotencyKey = z
  .string()
  .regex(/^[!-~]{1,100}$/)
  .refine((key) => !looksLikeIndividualNumber(key));
