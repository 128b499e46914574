import { useState } from "react";
import type { BlockRecord } from "../../../src/events/block/block-record.ts";
import { type BlockRow, type BlockSort, sortedRows } from "../lib/block-rows.ts";
import { builderGwei, clientOfCode, formatBytes, formatEth, formatGwei, operationsOf } from "../lib/block-words.ts";
import { formatList, formatShare } from "../lib/format.ts";
import { type Location, slotPath, withQuery } from "../lib/router.ts";
import { LOOK_WORDS } from "../lib/slot-look.ts";
import { ClientChip } from "./client-chip.tsx";
import { Link } from "./link.tsx";
import { Panel } from "./panel.tsx";
import { ScrollTable } from "./scroll-table.tsx";
import { ShareBar } from "./share-bar.tsx";
import { SlotGlyph } from "./slot-glyph.tsx";
import { SortHead } from "./sort-head.tsx";

const FEW = 64;

const SORTS: readonly { sort: BlockSort; words: string }[] = [
  { sort: "fullness", words: "Gas" },
  { sort: "size", words: "Size" },
  { sort: "fee", words: "Base fee" },
  { sort: "blobs", words: "Blobs" },
  { sort: "transactions", words: "Transactions" },
  { sort: "payment", words: "Builder paid" },
];

/** The range's slots with their blocks, by slot or by a figure, largest first. */
export function BlockTable(props: { rows: readonly BlockRow[]; sort: BlockSort; location: Location }) {
  const { rows, sort, location } = props;
  const [all, setAll] = useState(false);
  const sorted = sortedRows(rows, sort);
  const shown = all ? sorted : sorted.slice(0, FEW);
  return (
    <Panel
      title="Blocks"
      hint="Newest first, or by a column, largest first; slots without a block stand among them by slot."
      className="block-list"
    >
      <ScrollTable label="Blocks">
        <thead>
          <tr>
            <SortHead words="Slot" to={withQuery(location, { sort: undefined })} sorted={sort === "slot"} />
            <th scope="col" className="right">
              Proposer
            </th>
            {SORTS.map((column) => (
              <SortHead
                key={column.sort}
                words={column.words}
                to={withQuery(location, { sort: column.sort })}
                sorted={sort === column.sort}
                right
              />
            ))}
            <th scope="col" className="apart">
              Operations
            </th>
            <th scope="col">Graffiti</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={row.block?.root ?? row.slot}>
              <th scope="row">
                <span className="count">
                  <SlotGlyph look={row.look} />
                  <Link to={slotPath(row.slot)} className="number">
                    {row.slot}
                  </Link>
                  <span className="visually-hidden">{LOOK_WORDS[row.look]}</span>
                </span>
              </th>
              {row.block === undefined ? (
                <td className="muted" colSpan={SORTS.length + 3}>
                  {row.look === "missed" ? "missed: no node saw a block" : (ABSENT[row.look] ?? "not answered whole")}
                </td>
              ) : (
                <BlockCells block={row.block} />
              )}
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      {sorted.length === 0 && <p className="empty">No block of this range has this figure.</p>}
      {sorted.length > shown.length && (
        <p className="more">
          <button type="button" className="quiet-button" onClick={() => setAll(true)}>
            All {sorted.length}
          </button>
        </p>
      )}
    </Panel>
  );
}

const ABSENT: Partial<Record<BlockRow["look"], string>> = {
  pending: "its block is still to come, or is being fetched",
  unknown: "not known: no stream was up, and no block is stored",
};

function BlockCells({ block }: { block: BlockRecord }) {
  const { gas_fullness, ssz_bytes, base_fee_gwei, blobs, max_blobs, transactions } = block;
  const payment = builderGwei(block);
  const operations = operationsOf(block);
  const slashed = operations.some(({ kind }) => kind.endsWith("_slashed"));
  const client = clientOfCode(block.consensus_client);
  return (
    <>
      <td className="right number">{block.proposer_index}</td>
      <td className="right number">
        {gas_fullness === null ? (
          "–"
        ) : (
          <span className="with-bar">
            <ShareBar share={gas_fullness} colour="var(--accent)" />
            {formatShare({ had: gas_fullness, of: 1 })}
          </span>
        )}
      </td>
      <td className="right number">{ssz_bytes === null ? "–" : formatBytes(ssz_bytes)}</td>
      <td className="right number">{base_fee_gwei === null ? "–" : formatGwei(base_fee_gwei)}</td>
      <td className="right number">{blobs === null ? "–" : max_blobs === null ? blobs : `${blobs} of ${max_blobs}`}</td>
      <td className="right number">{transactions ?? "–"}</td>
      <td className="right number">{payment === null ? "–" : formatEth(payment)}</td>
      <td className={slashed ? "is-missed wrapping apart" : "wrapping apart"}>
        {operations.length === 0 ? "–" : formatList(operations.map(({ words }) => words))}
      </td>
      <td>
        <span className="node-name">
          {client !== null && <ClientChip client={client} />}
          <span className="graffiti">{block.graffiti === "" ? "–" : block.graffiti}</span>
        </span>
      </td>
    </>
  );
}
