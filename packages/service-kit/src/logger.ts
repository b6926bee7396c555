import winston from 'winston';
import { holdsTwelveDigits, isUuid } from '@mnv/core';

/** An event is a constant text; everything that varies is a fact, and only listed facts are written. */
export type Logger = {
  info(event: string, facts?: object): void;
  warn(event: string, facts?: object): void;
  error(event: string, facts?: object): void;
};

const OWN = ['level', 'message', 'timestamp', 'service'];
const FACTS = [
  'requestId',
  'tenantId',
  'recordId',
  'logId',
  'clientId',
  'jobId',
  'route',
  'method',
  'status',
  'code',
  'outcome',
  'durationMs',
  'count',
  'size',
  'attempt',
  'port',
  'profile',
  'version',
  'signal',
  'settings',
  'reason',
  'errorName',
  'errorCode',
  'table',
  'constraint',
  'peer',
  'validTo',
  'origin',
];
const LOGGABLE = new Set([...OWN, ...FACTS]);
const MAX_TEXT = 300;
/** Counts and times stay below it; an Individual Number read as a number hardly ever does. */
const MAX_NUMBER = 1e9;

// An allow-list: a field nobody thought about is dropped, not printed.
const allowListed = winston.format((info) => {
  for (const key of Object.keys(info)) {
    if (!LOGGABLE.has(key) || !isPlain(info[key])) delete info[key];
  }
  return info;
});

/**
 * Writes JSON lines to standard output: diagnosis, which may be lost. It is never evidence; the access log
 * is. Unlisted facts, objects, Errors, long texts and texts that could hold a number are dropped.
 */
export function createLogger(options: {
  service: string;
  level?: 'info' | 'warn' | 'error';
  transports?: winston.transport[];
}): Logger {
  const sink = winston.createLogger({
    level: options.level ?? 'info',
    defaultMeta: { service: options.service },
    format: winston.format.combine(
      allowListed(),
      winston.format.timestamp(),
      winston.format.json(),
    ),
    transports: options.transports ?? [new winston.transports.Console()],
  });
  // One object argument: winston loses facts to a % in the message, and appends the text of an Error.
  const write =
    (level: string) =>
    (event: string, facts: object = {}) => {
      sink.log({ ...facts, level, message: event });
    };
  return { info: write('info'), warn: write('warn'), error: write('error') };
}

/** What may be said of an error. Its message and detail may quote stored rows, so they are not among it. */
export function safeFacts(error: unknown): Record<string, string> {
  if (!(error instanceof Error)) return { errorName: 'NotAnError' };
  const { code, table, constraint } = error as {
    code?: unknown;
    table?: unknown;
    constraint?: unknown;
  };
  const facts = { errorName: error.name, errorCode: code, table, constraint };
  return Object.fromEntries(Object.entries(facts).filter(isTextual));
}

function isTextual(entry: [string, unknown]): entry is [string, string] {
  return typeof entry[1] === 'string';
}

function isPlain(value: unknown): boolean {
  if (typeof value === 'string') return isUuid(value) || isHarmlessText(value);
  if (typeof value === 'number') return Math.abs(value) < MAX_NUMBER;
  return typeof value === 'boolean';
}

function isHarmlessText(text: string): boolean {
  return text.length <= MAX_TEXT && !holdsTwelveDigits(text);
}
