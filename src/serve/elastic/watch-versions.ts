import { refusal } from "../../events/refusal.ts";
import type { Parameters } from "./parameters.ts";

/** What a request expects of the watch that it replaces. */
export type Expectation = {
  version: number | undefined;
  seqNo: number | undefined;
  primaryTerm: number | undefined;
  /** Why it makes no sense. */
  complaints: readonly string[];
};

export function expectationOf(parameters: Parameters): Expectation {
  const version = parameters.long("version");
  const seqNo = parameters.long("if_seq_no");
  const primaryTerm = parameters.long("if_primary_term");
  return {
    version,
    seqNo,
    primaryTerm,
    complaints: [
      ...(seqNo !== undefined && version !== undefined ? ["compare and write operations can not use versioning"] : []),
      ...(seqNo !== undefined && primaryTerm === undefined ? ["ifSeqNo is set, but primary term is [0]"] : []),
      ...(seqNo === undefined && primaryTerm !== undefined
        ? [`ifSeqNo is unassigned, but primary term is [${primaryTerm}]`]
        : []),
    ],
  };
}

/** Throws Elasticsearch's 404 and 409 where the watch is not what was expected. */
export function checkCondition(asked: {
  id: string;
  expected: Expectation;
  /** Undefined where there is no such watch. */
  version: number | undefined;
}): void {
  const { id, expected, version } = asked;
  const { seqNo, primaryTerm } = expected;
  if (expected.version === undefined && seqNo === undefined) return;
  if (version === undefined) {
    throw refusal({ type: "document_missing_exception", reason: `[${id}]: document missing`, status: 404 });
  }
  if (expected.version !== undefined && expected.version !== version) {
    throw conflict(id, `current version [${version}] is different than the one provided [${expected.version}]`);
  }
  if (seqNo !== undefined && (seqNo !== version - 1 || primaryTerm !== 1)) {
    throw conflict(
      id,
      `required seqNo [${seqNo}], primary term [${primaryTerm}]. current document has seqNo [${version - 1}] and primary term [1]`,
    );
  }
}

function conflict(id: string, why: string): Error {
  return refusal({
    type: "version_conflict_engine_exception",
    reason: `[${id}]: version conflict, ${why}`,
    status: 409,
    more: { index: ".watches" },
  });
}
