import { RootUnavailableError } from '@mnv/erasure-tree';
import type { KeyTree } from '@mnv/erasure-tree';
import { StartupError } from '@mnv/service-kit';
import type { KeyTreeTransaction } from './key-tree.repository.ts';

/** Makes the key tree on an empty database. Throws StartupError, with the reason, when the roots do not allow it. */
export async function beginTree(tree: KeyTree<KeyTreeTransaction>): Promise<void> {
  try {
    await tree.initialise();
  } catch (error) {
    if (!(error instanceof RootUnavailableError)) throw error;
    throw new StartupError(['VAULT_ROOT_FILE', 'VAULT_ROOT_KEY_FILE'], error.message);
  }
}
