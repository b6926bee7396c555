import { Router } from 'express';
import type { Request, RequestHandler, Response } from 'express';
import { Refusal } from '@mnv/core';
import { parseStrictJson } from '@mnv/protocol';
import {
  answer,
  inChunks,
  jsonBody,
  problemOf,
  readLines,
  requireNdjson,
  whileAwaited,
  writeLine,
} from '@mnv/service-kit';
import type { Acting, RetentionRouteDependencies } from '../retention-act.ts';
import { actingOf } from '../retention-act.ts';
import type { Outcome } from './tell-events.ts';
import type { ToldEvent } from './told-event.ts';
import { parseEvent } from './told-event.ts';

const CHUNK_LINES = 500;
const CHUNK_DEADLINE_MS = 10_000;
const MAX_LINE_BYTES = 16_384;
const NDJSON = /^application\/x-ndjson\b/i;

export type EventRouteDependencies = RetentionRouteDependencies & {
  tellEvents(acting: Acting, told: readonly ToldEvent[]): Promise<Outcome[]>;
};

/** What became of the people whose numbers are kept: one event as JSON, or many as NDJSON, each by itself. */
export function eventRoutes(deps: EventRouteDependencies): Router {
  const one = answer(async (req, res) => tellOne(actingOf(req, res), req, deps));
  const path = '/v1/tenants/:tenantId/retention/events';
  return Router()
    .post(
      path,
      onlyFor(NDJSON, requireNdjson()),
      onlyFor(NDJSON, (req, res) => tellMany(req, res, deps)),
    )
    .post(path, jsonBody(), one);
}

/** The handler for bodies of a type; others go on to the next route. */
function onlyFor(type: RegExp, handler: RequestHandler): RequestHandler {
  return (req, res, next) =>
    type.test(req.get('content-type') ?? '') ? handler(req, res, next) : next();
}

async function tellOne(acting: Acting, req: Request, deps: EventRouteDependencies) {
  const told = parseEvent(req.body);
  await deps.recordAct(acting.caller, telling(acting, 1));
  const [outcome] = await deps.tellEvents(acting, [told]);
  if (outcome instanceof Refusal) throw outcome;
  return { status: outcome === 'recorded' ? 201 : 200, body: { id: told.id, outcome } };
}

async function tellMany(req: Request, res: Response, deps: EventRouteDependencies): Promise<void> {
  const acting = actingOf(req, res);
  res.type('application/x-ndjson');
  const lines = readLines(req, { maxLineBytes: MAX_LINE_BYTES });
  for await (const chunk of inChunks(lines, CHUNK_LINES)) {
    const text = await whileAwaited(res, CHUNK_DEADLINE_MS, () =>
      tellChunk(acting, chunk.map(parseLine), deps),
    );
    await writeLine(res, text);
  }
  res.end();
}

type Line = { line: number } & ({ told: ToldEvent } | { refusal: Refusal });

function parseLine({ line, bytes }: { line: number; bytes: Buffer }): Line {
  try {
    return { line, told: parseEvent(parseStrictJson(bytes, { maxBytes: MAX_LINE_BYTES })) };
  } catch (error) {
    if (error instanceof Refusal) return { line, refusal: error };
    throw error;
  }
}

/** One entry for the chunk, then the chunk in one transaction. */
async function tellChunk(
  acting: Acting,
  lines: readonly Line[],
  deps: EventRouteDependencies,
): Promise<string> {
  const told = lines.flatMap((one) => ('told' in one ? [one.told] : []));
  await deps.recordAct(acting.caller, telling(acting, told.length));
  const outcomes = (await deps.tellEvents(acting, told))[Symbol.iterator]();
  return lines
    .map((one) => {
      const outcome = 'told' in one ? outcomes.next().value : one.refusal;
      return JSON.stringify({ line: one.line, ...shown(outcome), ...idOf(one) });
    })
    .map((text) => `${text}\n`)
    .join('');
}

function idOf(line: Line): object {
  return 'told' in line ? { id: line.told.id } : {};
}

function shown(outcome: Outcome | undefined): object {
  return outcome instanceof Refusal ? { problem: problemOf(outcome) } : { outcome };
}

function telling({ tenantId }: Acting, count: number) {
  return { operation: 'record-retention-events', tenantId, count } as const;
}
