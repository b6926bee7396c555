import { readFileSync } from 'node:fs';
import type { Endpoints } from '../system/endpoints.ts';

/** @throws Error with one sentence for the person at the keyboard */
export function readEndpoints(file: string): Endpoints {
  const endpoints = parsed(file);
  if (endpoints?.version !== 1) throw new Error(`${file} does not describe a running system.`);
  return endpoints as Endpoints;
}

function parsed(file: string): Partial<Endpoints> | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Partial<Endpoints> | null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw new Error(`${file} cannot be read: is the system running (npm start)?`, { cause: error });
  }
}
