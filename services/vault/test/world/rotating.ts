import type { World } from '../world.ts';
import type { RunningVault } from './running-vault.ts';

/** A rotation as an administrator of the operator company orders it, and how far it is. */
export type ShownRotation = { state: string; epoch?: number; rotatedIndex?: number };

/** The call of a person: of the operator company and with the right, unless told otherwise. */
export async function orderRotation(
  world: World,
  vault: RunningVault,
  { rotationId, scope = 'admin', tenant = 'operator' }: RotationOrder,
) {
  const client = world.client('administration', tenant);
  const token = await client.token({ scope, sub: 'administrator-1' });
  const { certificate } = client;
  return vault.call('/internal/rotations', { rotationId, token, certificate });
}

type RotationOrder = { rotationId: string; scope?: string; tenant?: string };

export async function showRotation(
  vault: RunningVault,
  rotationId: string,
): Promise<ShownRotation> {
  const { body } = await vault.call(`/internal/rotations/${rotationId}`, undefined);
  return body as ShownRotation;
}
