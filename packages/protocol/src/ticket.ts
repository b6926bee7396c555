/** A range of entries of one log, proven by one checkpoint of it. Binary values are base64. */
export type ProvenEntries = {
  log: string;
  treeSize: number;
  checkpoint: string;
  first: number;
  entries: string[];
  proof: string[];
  /** Proof between `treeSize` and another size of the same log that the vault may know, in either direction. */
  consistency: { from: number; proof: string[] };
};

/** One request of a ticket: its entries are `entries[offset .. offset+n)`. */
export type TicketRequest = {
  offset: number;
  n: number;
  token: string;
  /** DER, base64. */
  certificate: string;
  request: string;
};

/** What the proxy shows the vault so that it may open numbers: one call carries the requests of one log batch. */
export type Ticket = ProvenEntries & { requests: TicketRequest[] };

/** The vault's judgement of one record. */
export type ReleasedRecord =
  | { individualNumber: string }
  | { problem: string; supersededBy?: string };

/** The vault's judgement of one request: refused as a whole, or answered record by record. */
export type ReleasedRequest = { problem: string } | { records: ReleasedRecord[] };

export type TicketAnswer = { requests: ReleasedRequest[] };
