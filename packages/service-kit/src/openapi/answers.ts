import { z } from 'zod';

const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    instance: z.string().optional(),
    supersededBy: z
      .uuid()
      .optional()
      .meta({ description: 'With record-superseded: the record that holds the number now.' }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457. Quotes neither input nor stored data.' });

/** The refusal every route may answer with. */
export const PROBLEM = {
  description: 'Refused',
  content: { 'application/problem+json': { schema: Problem } },
};

export function json(description: string, schema: z.ZodType) {
  return { description, content: { 'application/json': { schema } } };
}

/** One value a line. */
export function ndjson(description: string, schema: z.ZodType) {
  return { description, content: { 'application/x-ndjson': { schema } } };
}

export function text(description: string, type: string) {
  return { description, content: { [type]: { schema: z.string() } } };
}

/** A register, in the form that the request accepts. */
export const register = {
  description: 'Streamed; what was cut short is no document',
  content: {
    'application/pdf': { schema: z.string().meta({ format: 'binary' }) },
    'text/csv': { schema: z.string() },
  },
};

export function jsonBody(schema: z.ZodType) {
  return { required: true, content: { 'application/json': { schema } } };
}

export function ndjsonBody(schema: z.ZodType) {
  return { required: true, content: { 'application/x-ndjson': { schema } } };
}

/** A line that was refused, by itself. */
export const RefusedLine = z.object({ problem: Problem });
