/** What this product does about one item of 別添1, what shows it, and what no program can do for people. */
export type SafeguardAnswer = {
  /** Empty where the product does nothing about it yet. */
  does: readonly string[];
  evidence: readonly string[];
  people: readonly string[];
};

const NOT_BUILT = 'not built yet';

/** By the code of the item. Only what exists is claimed; what does not is called so. */
export const SAFEGUARD_ANSWERS: Readonly<Record<string, SafeguardAnswer>> = {
  '0-A': {
    does: ['a closed list of purposes; every record and every release names one of it'],
    evidence: ['purposes of each record; purpose of each entry of the access log'],
    people: ['decide which of the purposes the company exercises'],
  },
  '0-B': {
    does: [
      'a record holds the number, the tenant’s own key of the person, the purposes and how the number was verified, and for at most 30 days copies of identity documents',
    ],
    evidence: ['the record’s metadata; `mynumber register files`'],
    people: ['list the data kept elsewhere that is tied to a record id'],
  },
  '0-C': {
    does: ['nobody acts who is not registered as operator and assigned to the tenant and purpose'],
    evidence: [
      'registers of operators and assignments, `mynumber register handlers`; refusals in the access log',
    ],
    people: ['name the people, and end assignments when duties change'],
  },
  A: {
    does: [],
    evidence: [],
    people: ['write, approve and publish the basic policy'],
  },
  B: {
    does: ['each stage (acquire, use, keep, provide, dispose) is an operation with its own right'],
    evidence: ['operations in the access log'],
    people: ['write the handling rules, keep their versions, train by them'],
  },
  'C-a': {
    does: [
      'roles of operator, supervisor, requester, approver, compliance officer and administrator',
    ],
    evidence: ['scopes of tokens; registers'],
    people: ['appoint the responsible person; set up the lines of reporting'],
  },
  'C-b': {
    does: [
      'uses and outputs: no number leaves without a durable, tamper-evident entry before it',
      'deletion: the control log, the disposal certificate and the register of disposals',
      'sign-ins and system use: every call by a person is an entry, refused ones too',
      'carrying of papers and media: a register with protection, seal, carrier and receipt, by interface and file',
      'certificates: numbered, delivery and acknowledgement noted; those of subcontractors noted, matched and chased',
    ],
    evidence: [
      '`mynumber register uses|disposals|certificates|carried|subcontractors|system-use`; `mynumber verify log`; `mynumber verify certificate`',
    ],
    people: [
      'tell the register what is carried and received; collect subcontractors’ certificates',
    ],
  },
  'C-c': {
    does: [
      'a register of the files of each tenant, for paper and for a spreadsheet: kind, purposes, counts, state of disposal; no number in it',
      'who had access to each file, by which assignment and training, and on which days',
    ],
    evidence: ['`mynumber register files`'],
    people: [
      'fill in the responsible person and department; look at it at the intervals of the rules',
    ],
  },
  'C-d': {
    does: [
      `an incident case with its deadlines is ${NOT_BUILT}`,
      'the access log answers who saw which record',
    ],
    evidence: ['`mynumber report access`'],
    people: ['investigate, notify and report within the legal periods'],
  },
  'C-e': {
    does: [
      'logs, receipts and certificates verify offline by an auditor with nothing of ours running',
    ],
    evidence: ['output of `mynumber verify log|receipt|certificate`, `mynumber doctor`'],
    people: ['audit at the intervals of the rules, and follow up what was found'],
  },
  'D-a': {
    does: [
      'an access report of any period for the compliance officer; reading it is an entry itself',
    ],
    evidence: ['`mynumber report access`; `view-report` entries'],
    people: ['read it, ask, and sign it off (collecting the sign-off is not built yet)'],
  },
  'D-b': {
    does: ['without a training that is valid today no number is read or stored'],
    evidence: ['register of training, `mynumber register handlers`; refusals `training-expired`'],
    people: ['hold the training; put confidentiality into the rules of employment'],
  },
  'E-a': {
    does: [`areas and the devices in them are ${NOT_BUILT}`],
    evidence: [],
    people: ['lay out and guard the controlled and the handling areas; keep entry logs'],
  },
  'E-b': {
    does: ['stolen disks and backups hold sealed numbers and no root key'],
    evidence: ['the formats of records and key tree; where the root is kept'],
    people: ['lock cabinets and devices; keep the asset register'],
  },
  'E-c': {
    does: [
      'numbers travel over mutual TLS 1.3 only; nothing is written to a medium by the services',
    ],
    evidence: ['configuration of the listeners'],
    people: ['encrypt, seal and track what is carried, in the form an authority prescribes'],
  },
  'E-d': {
    does: [
      'each record has its own key in a tree whose root is destroyed: live data, replicas and old backups become unreadable',
      'how long each number lives is computed from the law as data and from events; due records are listed and alarmed',
      'three different persons request and approve; a certificate says what is proved and what is not',
    ],
    evidence: ['disposal certificate; control log; register of disposals; due list and tasks'],
    people: [
      'tell the events; decide what the law leaves open; dispose of papers and devices',
      'approve in time; confirm subcontractors’ deletions by their certificates',
    ],
  },
  'F-a': {
    does: ['rights by scope, tenant, assignment, purpose and season, decided anew at each call'],
    evidence: ['decision of each entry; registers'],
    people: ['give only the rights that the work needs'],
  },
  'F-b': {
    does: [
      'every call names one person, by a token bound to the client certificate of the connection',
    ],
    evidence: ['issuer, subject, client, certificate and token hash of each entry'],
    people: ['run the identity provider with a method of authentication that fits'],
  },
  'F-c': {
    does: [
      'only listed certificates may connect; a hostile proxy cannot make the vault release without an entry',
      'an external witness notices a log that was rewritten',
    ],
    evidence: ['witness’s cosignatures; metrics of refused connections; bounded failed attempts'],
    people: ['run firewalls and updates; analyse the logs regularly'],
  },
  'F-d': {
    does: [
      'AES-256-GCM with a key of its own for each record; TLS 1.3 on each hop; no transform of a number is stored',
    ],
    evidence: ['docs/SECURITY.md, docs/adr'],
    people: [
      'keep the root in an HSM or KMS (adapters are not built yet; the file root is assurance none)',
    ],
  },
  G: {
    does: [`a register of places is ${NOT_BUILT}; nothing in the services calls abroad by itself`],
    evidence: [],
    people: ['know where data centre and support are, and the law there'],
  },
};
