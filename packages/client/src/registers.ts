/** A legal day of Japan, `YYYY-MM-DD`. */
type Day = string;

/** Something with numbers that was carried (持ち運び). No text may hold twelve digits. */
export type CarriedItem = {
  /** The tenant’s own id of the entry: the same id is the same entry. */
  id: string;
  on: Day;
  what: string;
  people: number;
  medium: string;
  protections: string[];
  seal?: string;
  tracking?: string;
  carrier: string;
  from: string;
  to: string;
  approvedBy?: string;
};

/** Its end: who received it, or why the entry does not count. */
export type CarriedEnd = { kind: 'received' | 'withdrawn'; on: Day; remark: string };

export type KeptCarriedItem = CarriedItem & {
  recordedAt: string;
  recordedBy: string;
  end: (CarriedEnd & { recordedBy: string }) | null;
};

/** What proves a deletion of a subcontractor; the file stays with the tenant. */
export type SubcontractorCertificate = {
  fileSha256: string;
  issuer: string;
  issuedOn: Day;
  kind: 'certificate' | 'log' | 'report';
  disposalId?: string;
};

export type NewSubcontractorDeletion = { subcontractor: string; what: string; dueOn: Day };
export type SubcontractorDeletion = NewSubcontractorDeletion & {
  deletionId: string;
  notedAt: string;
  notedBy: string;
  certificates: (SubcontractorCertificate & { receivedAt: string; receivedBy: string })[];
};

/** Registers people of the tenant keep. What is told again in the same words changes nothing. */
export type Registers = {
  recordCarried: (item: CarriedItem) => Promise<void>;
  endCarried: (id: string, end: CarriedEnd) => Promise<void>;
  /** Of a period, the oldest first; needs the right `report:read`. */
  carried: (period: { from: Day; to: Day }) => AsyncGenerator<KeptCarriedItem>;
  noteSubcontractorDeletion: (noted: NewSubcontractorDeletion) => Promise<string>;
  takeSubcontractorCertificate: (
    deletionId: string,
    received: SubcontractorCertificate,
  ) => Promise<void>;
  subcontractorDeletions: () => Promise<SubcontractorDeletion[]>;
};
