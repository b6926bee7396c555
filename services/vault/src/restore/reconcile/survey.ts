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

export type SurveyDependencies<Tx> = {
  store: TreeStore<Tx>;
  livingRows(tenantId: string): AsyncIterable<SealedNumber[]>;
  act: InternalAct;
  /** Keys of records in the whole tree, counted by opening all of it. */
  countKeys(): Promise<number>;
};

/**
 * Compares every living row with the key tree: yes or no, nothing leaves. Gives the zombies page by page to
 * `onZombies`.
 */
export async function surveyRows<Tx>(
  deps: SurveyDependencies<Tx>,
  onZombies: (zombies: Zombies) => Promise<void>,
): Promise<Survey> {
  const survey = { living: 0, zombies: 0, unknown: 0, damaged: 0, lost: 0 };
  for (const { tenantId, ordinal } of await deps.store.tenants()) {
    for await (const page of deps.livingRows(tenantId)) {
      const zombies = await surveyPage(deps, { tenantId, ordinal, page }, survey);
      if (zombies.length > 0) await onZombies({ tenantId, recordIds: zombies });
    }
  }
  survey.lost = Math.max(0, (await deps.countKeys()) - survey.living - survey.damaged);
  return survey;
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
