import { countOf, type DocumentBlock, rowsOf } from "../events/document.ts";

export type BlockGatherer = {
  add(block: DocumentBlock): void;
  /** What was added since the last call, in larger blocks. */
  taken(): DocumentBlock[];
};

/** A block's rows go to the journal in one record. */
const MAX_ROWS = 1_024;

/** Puts blocks together that share their fields: a node's votes come a few at a time. */
export function createBlockGatherer(): BlockGatherer {
  let byFields = new Map<DocumentBlock["fields"], DocumentBlock[]>();
  return {
    add(block) {
      const parts = byFields.get(block.fields);
      if (parts === undefined) byFields.set(block.fields, [block]);
      else parts.push(block);
    },
    taken() {
      const blocks = [...byFields.values()].flatMap(joined);
      byFields = new Map();
      return blocks;
    },
  };
}

function joined(parts: readonly DocumentBlock[]): DocumentBlock[] {
  const [first] = parts;
  if (first === undefined) return [];
  const total = parts.reduce((sum, part) => sum + countOf(part), 0);
  const names = Object.keys(first.rows);
  const timestampsUs = new Float64Array(total);
  const rows = Object.fromEntries(names.map((name) => [name, new Uint32Array(total)]));
  let at = 0;
  for (const part of parts) {
    timestampsUs.set(part.timestampsUs, at);
    for (const name of names) rows[name]?.set(part.rows[name] ?? [], at);
    at += countOf(part);
  }
  const blocks: DocumentBlock[] = [];
  for (let from = 0; from < total; from += MAX_ROWS) {
    const part = { from, to: Math.min(total, from + MAX_ROWS) };
    blocks.push(rowsOf({ ...first, timestampsUs, rows }, part));
  }
  return blocks;
}
