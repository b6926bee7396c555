import type { TenantTree } from '../place.ts';
import type { TreeHead, TreeNode } from '../tree-store.ts';

/** What an export says of itself. */
export type ExportHeader = {
  readonly deployment: string;
  readonly head: TreeHead;
  /** When its snapshot was taken, ms since the epoch. */
  readonly takenAt: number;
  /** How many entries the control log had in the same snapshot. */
  readonly controlSize: number;
};

/** A tenant's tree as stored. */
export type ExportedTenant = TenantTree & {
  /** Leaf indices given out so far. */
  readonly leaves: number;
};

/** What is known once the last byte was read and found right. */
export type ExportEnd = {
  readonly tenants: number;
  readonly nodes: number;
  readonly bytes: number;
  /** SHA-256 of the whole file: the name by which the control log knows this export. */
  readonly digest: Buffer;
};

/** One part of an export, in the order header, tenants, nodes, end. Nothing is to be trusted before the end. */
export type ExportPart =
  | { readonly part: 'header'; readonly header: ExportHeader }
  | { readonly part: 'tenant'; readonly tenant: ExportedTenant }
  | { readonly part: 'node'; readonly node: TreeNode }
  | { readonly part: 'end'; readonly end: ExportEnd };

/**
 * A consistent state of the tree. Tenants come by ordinal; nodes by tree, then from the top level down, then
 * by index: whoever reads them meets every parent before its children.
 */
export type ExportSource = {
  readonly header: ExportHeader;
  readonly tenants: AsyncIterable<ExportedTenant> | Iterable<ExportedTenant>;
  readonly nodes: AsyncIterable<TreeNode> | Iterable<TreeNode>;
};

/**
 * `truncated`: it ends before its end. `altered`: it is not what was written. `malformed`: not such a file, or
 * of another version.
 */
export class TreeExportError extends Error {
  override readonly name = 'TreeExportError';
  readonly code: 'truncated' | 'altered' | 'malformed' | 'not-restorable';

  constructor(code: TreeExportError['code'], message: string) {
    super(message);
    this.code = code;
  }
}
