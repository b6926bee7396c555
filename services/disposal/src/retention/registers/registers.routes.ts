import { Router } from 'express';
import { answer } from '@mnv/service-kit';
import type { RetentionRouteDependencies } from '../retention-act.ts';
import { actingOf } from '../retention-act.ts';
import type { RegisteredFile } from './file-register.repository.ts';

export type RegisterRouteDependencies = RetentionRouteDependencies & {
  listFiles(tenantId: string): Promise<RegisteredFile[]>;
};

/** 管理台帳 (別添1 C-c): which files of numbers there are, and what became of them. */
export function registerRoutes(deps: RegisterRouteDependencies): Router {
  return Router().get(
    '/v1/tenants/:tenantId/retention/files',
    answer(async (req, res) => {
      const { caller, tenantId } = actingOf(req, res);
      await deps.recordAct(caller, { operation: 'export-register', tenantId });
      return { body: { asOf: deps.today(), files: await deps.listFiles(tenantId) } };
    }),
  );
}
