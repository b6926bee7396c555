import type { RequestHandler } from 'express';
import { Refusal } from '@mnv/core';

/**
 * Lets so many requests be under way at once, from before their bodies are read until they are answered: each
 * may need a lot of memory. Throws Refusal `overloaded`.
 */
export function atMost(limit: number): RequestHandler {
  let running = 0;
  return (_req, res, next) => {
    if (running >= limit) throw new Refusal('overloaded', 'Too many are under way. Try again.');
    running += 1;
    res.once('close', () => {
      running -= 1;
    });
    next();
  };
}
