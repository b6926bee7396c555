import { verifyConsistency, verifyInclusion } from '@mnv/transparency-log';
import { bytesOfBase64 } from './hex.ts';
import { type Case, type Suite, passedIf } from './suite.ts';

type Proven = { path: string; proof: string[] | null; wantErr: boolean };
type Inclusion = Proven & { leafIdx: number; treeSize: number; root: string; leafHash: string };
type Consistency = Proven & { size1: number; size2: number; root1: string; root2: string };

const proofOf = (one: Proven): Buffer[] => (one.proof ?? []).map(bytesOfBase64);

function inclusionCase(one: Inclusion): Case {
  const judge = () =>
    passedIf(
      verifyInclusion({
        index: one.leafIdx,
        size: one.treeSize,
        leafHash: bytesOfBase64(one.leafHash),
        root: bytesOfBase64(one.root),
        proof: proofOf(one),
      }) !== one.wantErr,
    );
  return { name: one.path, judge };
}

function consistencyCase(one: Consistency): Case {
  const judge = () =>
    passedIf(
      verifyConsistency({
        size1: one.size1,
        root1: bytesOfBase64(one.root1),
        size2: one.size2,
        root2: bytesOfBase64(one.root2),
        proof: proofOf(one),
      }) !== one.wantErr,
    );
  return { name: one.path, judge };
}

export const inclusionProofs: Suite = {
  matches: /(^|\/)merkle\/inclusion\.json$/,
  cases: (data) => (data as { cases: Inclusion[] }).cases.map(inclusionCase),
};

export const consistencyProofs: Suite = {
  matches: /(^|\/)merkle\/consistency\.json$/,
  cases: (data) => (data as { cases: Consistency[] }).cases.map(consistencyCase),
};
