import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { Refusal } from '@mnv/core';
import { parseStrictJson } from '@mnv/protocol';

const DEFAULT_MAX_BYTES = 16_384;
const DEFAULT_MAX_DEPTH = 8;
const BODY_DEADLINE_MS = 5_000;
const JSON_TYPE = /^application\/json(?:; ?charset=utf-8)?$/i;
const NDJSON_TYPE = /^application\/x-ndjson(?:; ?charset=utf-8)?$/i;

/**
 * Reads one JSON body into `req.body` (unknown: the route's schema judges it). Throws Refusal
 * `media-type-unsupported`, `body-too-large`, `malformed-json` or `deadline-exceeded`.
 */
export function jsonBody(
  bounds: { maxBytes?: number; maxDepth?: number; deadlineMs?: number } = {},
): RequestHandler {
  const { maxBytes = DEFAULT_MAX_BYTES, maxDepth = DEFAULT_MAX_DEPTH } = bounds;
  const { deadlineMs = BODY_DEADLINE_MS } = bounds;
  return async (req, _res, next) => {
    requireType(req, JSON_TYPE, 'Send application/json.');
    req.body = parseStrictJson(await readBody(req, { maxBytes, deadlineMs }), {
      maxBytes,
      maxDepth,
    });
    next();
  };
}

/** Requires a body of NDJSON, read by `readLines`. Throws Refusal `media-type-unsupported`. */
export function requireNdjson(): RequestHandler {
  return (req, _res, next) => {
    requireType(req, NDJSON_TYPE, 'Send application/x-ndjson.');
    next();
  };
}

function requireType(req: IncomingMessage, type: RegExp, detail: string): void {
  const encoded = req.headers['content-encoding'] !== undefined;
  if (encoded || !type.test(req.headers['content-type'] ?? ''))
    throw new Refusal('media-type-unsupported', detail);
}

function readBody(
  req: IncomingMessage,
  { maxBytes, deadlineMs }: { maxBytes: number; deadlineMs: number },
): Promise<Buffer> {
  if (Number(req.headers['content-length'] ?? 0) > maxBytes) return Promise.reject(tooLarge());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let settled = false;
    const timer = setTimeout(() => finish(() => reject(late())), deadlineMs);
    const finish = (settle: () => void) => {
      // `close` follows every body: no error is made for one that arrived.
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      req.off('data', onData);
      settle();
    };
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) finish(() => reject(tooLarge()));
      else chunks.push(chunk);
    };
    req.on('data', onData);
    req.once('end', () =>
      finish(() => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks))),
    );
    req.once('error', () => finish(() => reject(cut())));
    req.once('close', () => finish(() => reject(cut())));
  });
}

const tooLarge = () => new Refusal('body-too-large', 'The body is larger than this route accepts.');
const late = () => new Refusal('deadline-exceeded', 'The body did not arrive in time.');
const cut = () => new Refusal('malformed-json', 'The body was cut short.');
