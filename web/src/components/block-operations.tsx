import { memo } from "react";
import { blocksWithOperations } from "../lib/block-figures.ts";
import type { BlockRow } from "../lib/block-rows.ts";
import { formatList } from "../lib/format.ts";
import { slotPath } from "../lib/router.ts";
import { Link } from "./link.tsx";
import { Panel } from "./panel.tsx";
import { ScrollTable } from "./scroll-table.tsx";

const MOST = 50;
/** Validators that are named; a mass slashing has thousands. */
const MOST_NAMED = 12;

/** Blocks that change validators: slashings, exits, deposits, requests. */
export const BlockOperations = memo(function BlockOperations({ rows }: { rows: readonly BlockRow[] }) {
  const listed = blocksWithOperations(rows);
  return (
    <Panel
      title="Operations"
      hint="Blocks with slashings, exits, deposits, new withdrawal addresses or execution requests, newest first."
      className="block-operations"
    >
      {listed.length === 0 ? (
        <p className="empty">No block of this range that was read whole carries any.</p>
      ) : (
        <ScrollTable label="Operations">
          <thead>
            <tr>
              <th scope="col">Slot</th>
              <th scope="col">What</th>
              <th scope="col">Validators</th>
            </tr>
          </thead>
          <tbody>
            {listed.slice(0, MOST).flatMap(({ block, operations }) =>
              operations.map(({ kind, words, validators }) => (
                <tr key={`${block.root} ${kind}`}>
                  <th scope="row">
                    <Link to={slotPath(block.slot)} className="number">
                      {block.slot}
                    </Link>
                  </th>
                  <td className={kind.endsWith("_slashed") ? "is-missed" : ""}>{words}</td>
                  <td className="number wrapping">
                    {validators.length === 0 ? (
                      <span className="muted">–</span>
                    ) : validators.length > MOST_NAMED ? (
                      `${validators.slice(0, MOST_NAMED).join(", ")} and ${validators.length - MOST_NAMED} more`
                    ) : (
                      formatList(validators.map(String))
                    )}
                  </td>
                </tr>
              )),
            )}
          </tbody>
        </ScrollTable>
      )}
      {listed.length > MOST && <p className="hint">{`The newest ${MOST} of ${listed.length} blocks.`}</p>}
    </Panel>
  );
});
