import { CONDITIONAL, NOT_PROVABLE } from './claim-texts.ts';
import type { DisposalCertificate } from './certificate-format.ts';
import { judging, notChecked } from './findings.ts';
import type { ClaimVerdict, Judging } from './findings.ts';
import type { LoggedRoot } from './root-rules.ts';

/**
 * C1, C2 and N1 to N4 are never a PASS: no computation shows them. C1 fails when what the certificate says of the
 * roots contradicts itself, or the control log where it was replayed.
 */
export function judgeConditions(
  certificate: DisposalCertificate,
  logged?: readonly LoggedRoot[],
): ClaimVerdict[] {
  const [, custodian] = CONDITIONAL;
  return [
    judgeRoots(certificate, logged),
    notChecked(custodian.id, {
      ja: '段階「erased」の証明書は、保管者の証拠を含まない。',
      en: 'A certificate of stage “erased” holds no evidence of a custodian.',
    }),
    ...NOT_PROVABLE.map(({ id }) =>
      notChecked(id, { ja: '証明できない。', en: 'Cannot be proved.' }),
    ),
  ];
}

function judgeRoots(
  certificate: DisposalCertificate,
  logged?: readonly LoggedRoot[],
): ClaimVerdict {
  const { roots, epoch } = certificate;
  const judge = judging('C1');
  const refs = new Set(roots.map(({ ref }) => ref));
  judge.expect(refs.size === roots.length && refs.has(epoch.rootTo), 'roots-differ');
  if (logged !== undefined) compareRoots(judge, certificate, logged);
  const judged = judge.verdict();
  return judged.verdict === 'FAIL' ? judged : notChecked('C1', rootNote({ roots, epoch }, logged));
}

/** Between the end of the erasure and the issue, a root may be destroyed, or made by a later epoch. */
function compareRoots(
  judge: Judging,
  { roots, indices }: DisposalCertificate,
  logged: readonly LoggedRoot[],
): void {
  for (const { ref, epoch } of roots) {
    const known = logged.find((root) => root.ref === ref && root.epoch === epoch);
    const existed = known && (known.destroyedAt ?? Infinity) > indices.erased;
    judge.expect(existed ?? false, 'roots-differ', ref);
  }
  const left = logged.filter((root) => root.destroyedAt === undefined);
  for (const { ref } of left.filter((root) => root.createdAt < indices.erased))
    judge.expect(
      roots.some((root) => root.ref === ref),
      'roots-differ',
      ref,
    );
}

type Rooted = Pick<DisposalCertificate, 'roots' | 'epoch'>;

function rootNote({ roots, epoch }: Rooted, logged?: readonly LoggedRoot[]) {
  const old = roots.filter(({ epoch: made }) => made < epoch.number);
  const left = old.filter(
    ({ ref }) => logged?.find((root) => root.ref === ref)?.destroyedAt === undefined,
  );
  if (left.length === 0) {
    const [ja, en] = logged
      ? ['統制記録によれば', 'As the control log has it,']
      : ['発行者の言葉によれば', 'By the issuer’s word alone,'];
    return {
      ja: `${ja}、消去前の根の版は残っていない。条件の残りは計算では示せない。`,
      en: `${en} no root version from before the erasure is left. The rest of the condition no computation can show.`,
    };
  }
  const names = left.map(({ ref, assurance, destroyAt }) =>
    [ref, `assurance ${assurance}`, destroyAt ?? '—'].join(', '),
  );
  return {
    ja: `消去前の根の版がまだ存在する（版、保証、破棄予定）: ${names.join('; ')}`,
    en: `Root versions from before the erasure still exist (version, assurance, planned end): ${names.join('; ')}`,
  };
}
