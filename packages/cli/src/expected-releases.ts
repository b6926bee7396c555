import type { RememberedRelease } from '@mnv/client';
import { decodeEntry } from '@mnv/protocol';
import type { AccessEntry } from '@mnv/protocol';
import { leafHash } from '@mnv/transparency-log';
import type { Checkpoint, Policy } from '@mnv/transparency-log';
import { CommandError } from './command.ts';
import type { Findings } from './log-findings.ts';
import { readReleasesFile } from './releases-file.ts';

/** A request is signed up to a minute before or after its entry; the two sides' clocks differ a little. */
const MOST_APART_MS = 5 * 60_000;

/** What a file of releases says must stand in the log. */
export type ExpectedReleases = {
  /** Of the log, from before the releases were read. */
  checkpoint: Checkpoint;
  /** Leaf hash, request and record of every released entry, by its index. */
  entries: Map<number, { hash: Uint8Array; rid: string; rec: string }>;
  /** On which entries each request was released. */
  rids: Map<string, { first: number; n: number }>;
};

/**
 * Reads a file of releases. What is wrong with a row by itself becomes a finding. Memory: a hash and a
 * record id for each released entry.
 * @throws CommandError, NoteError when the file as a whole cannot be used
 */
export async function readExpectedReleases(
  file: string,
  policy: Policy,
  findings: Findings,
): Promise<ExpectedReleases> {
  const entries: ExpectedReleases['entries'] = new Map();
  const rids: ExpectedReleases['rids'] = new Map();
  const origins = new Set<string>();
  const tenants = new Set<string>();
  const head = await readReleasesFile(file, (release) => {
    const decoded = soundEntries(release);
    if (decoded === undefined) malformed(release, findings);
    if (rids.has(release.rid)) twice(release, findings);
    rids.set(release.rid, { first: release.first, n: release.entries.length });
    origins.add(release.log);
    for (const { ten } of decoded ?? []) tenants.add(ten);
    release.entries.forEach((entry, at) => {
      const index = release.first + at;
      if (entries.has(index)) twice(release, findings);
      const hash = leafHash(Buffer.from(entry, 'base64'));
      entries.set(index, { hash, rid: release.rid, rec: decoded?.[at]?.rec ?? '' });
    });
  });
  const checkpoint = policy.openSigned(head.checkpoint);
  const own = (values: Set<string>, value: string) => [...values].every((one) => one === value);
  if (!own(origins, checkpoint.origin) || !own(tenants, head.tenantId))
    throw new CommandError(`${file} holds releases of another log than its own.`);
  return { checkpoint, entries, rids };
}

/** The entries of a row that is sound in itself: intents of one request, logged about when it was released. */
function soundEntries(release: RememberedRelease): AccessEntry[] | undefined {
  try {
    const entries = release.entries.map((entry) => decodeEntry(bytesOf(entry)));
    const sound =
      entries.length > 0 &&
      release.first >= 0 &&
      entries.every((entry) => entry.k === 'intent' && entry.rid === release.rid) &&
      entries.every(({ t }) => Math.abs(Date.parse(release.at) - t) <= MOST_APART_MS) &&
      entries.every(({ t }) => isAbout(release.day, t));
    return sound ? entries : undefined;
  } catch {
    return undefined;
  }
}

function isAbout(day: string, t: number): boolean {
  return [-MOST_APART_MS, MOST_APART_MS].some(
    (apart) => new Date(t + apart).toISOString().slice(0, 10) === day,
  );
}

/** In its one exact form: bytes that were touched are not to pass because the decoder overlooks it. */
function bytesOf(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw new TypeError('not base64');
  return bytes;
}

function malformed({ first }: RememberedRelease, findings: Findings): void {
  const detail = 'A release does not hold the intents of one request of its time.';
  findings.add({ code: 'release-malformed', index: first, detail });
}

function twice({ first }: RememberedRelease, findings: Findings): void {
  const detail = 'A request or an entry was released twice.';
  findings.add({ code: 'release-twice', index: first, detail });
}
