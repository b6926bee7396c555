import { createHash } from 'node:crypto';
import { RADIX, isSlotUnused } from '@mnv/erasure-tree';
import type { TreeNode, TreeStore } from '@mnv/erasure-tree';
import type { InternalAct } from '../../internal-act.ts';
import type { SealedNumber } from '../../open-numbers.ts';

/** What the restored rows are worth beside the current key tree. */
export type Survey = {
  /** They open. */
  living: number;
  /** Disposed of since the backup: the rows live, the keys are erased. */
  zombies: number;
  /** Newer than the key tree: their position was never given out. Then the tree is not the newest. */
  unknown: number;
  /** A key is there, and does not open them. */
  damaged: number;
  /** Keys whose rows are gone: stored after the backup. */
  lost: number;
};

export type Zombies = { tenantId: string; recordIds: string[] };

/** What one look at all rows found. */
export type Surveyed = {
  findings: Survey;
  zombies: Zombies[];
  /** Over the counts and every zombie (base64url): two looks that found the same have the same one. */
  digest: string;
};

export type SurveyDependencies<Tx> = {
  store: TreeStore<Tx>;
  livingRows(tenantId: string): AsyncIterable<SealedNumber[]>;
  act: InternalAct;
  /** Keys of records in the whole tree, counted by opening all of it. */
  countKeys(): Promise<number>;
};

/** Compares every living row with the key tree: yes or no, nothing leaves. */
export async function surveyRows<Tx>(deps: SurveyDependencies<Tx>): Promise<Surveyed> {
  const findings = { living: 0, zombies: 0, unknown: 0, damaged: 0, lost: 0 };
  const zombies: Zombies[] = [];
  for (const { tenantId, ordinal } of await deps.store.tenants()) {
    for await (const page of deps.livingRows(tenantId)) {
      const recordIds = await surveyPage(deps, { tenantId, ordinal, page }, findings);
      if (recordIds.length > 0) zombies.push({ tenantId, recordIds });
    }
  }
  findings.lost = Math.max(0, (await deps.countKeys()) - findings.living - findings.damaged);
  return { findings, zombies, digest: digestOf(findings, zombies) };
}

function digestOf(findings: Survey, zombies: readonly Zombies[]): string {
  const { living, unknown, damaged, lost } = findings;
  const hash = createHash('sha256').update([living, unknown, damaged, lost].join(' '));
  for (const { tenantId, recordIds } of zombies)
    for (const recordId of recordIds) hash.update(`\n${tenantId} ${recordId}`);
  return hash.digest('base64url');
}

type Page = { tenantId: string; ordinal: number; page: SealedNumber[] };

async function surveyPage<Tx>(
  { store, act }: SurveyDependencies<Tx>,
  { tenantId, ordinal, page }: Page,
  survey: Survey,
): Promise<string[]> {
  const answers = await act.ask(tenantId, page, () => true);
  const keyless = page.filter(({ recordId }) => answers.get(recordId) === 'no-key');
  const leaves = await leavesOf(store, ordinal, keyless);
  const zombies: string[] = [];
  for (const { recordId, position } of page) {
    const answer = answers.get(recordId);
    const leaf = leaves.get(Math.floor(position / RADIX));
    if (answer === 'yes') survey.living += 1;
    else if (answer === 'damaged') survey.damaged += 1;
    else if (leaf === undefined || isSlotUnused(leaf, position)) survey.unknown += 1;
    else zombies.push(recordId);
  }
  survey.zombies += zombies.length;
  return zombies;
}

async function leavesOf<Tx>(
  store: TreeStore<Tx>,
  tree: number,
  rows: readonly SealedNumber[],
): Promise<Map<number, TreeNode>> {
  const indices = new Set(rows.map(({ position }) => Math.floor(position / RADIX)));
  const places = [...indices].map((index) => ({ tree, level: 0, index }));
  const nodes = await store.readNodes(places);
  return new Map(nodes.map((node) => [node.place.index, node]));
}
