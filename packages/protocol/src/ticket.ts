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

/**
 * The vault's judgement of one id of a request for a copy of a document: of the record nothing but that it is not
 * refused; of the copy its bytes in base64.
 */
export type ReleasedDocument =
  | { mediaType: string; content: string }
  | { mediaType?: never }
  | { problem: string };

/** The vault's judgement of one request: refused as a whole, or answered id by id. */
export type ReleasedRequest<Released = ReleasedRecord> =
  | { problem: string }
  | { records: Released[] };

export type TicketAnswer<Released = ReleasedRecord> = { requests: ReleasedRequest<Released>[] };
