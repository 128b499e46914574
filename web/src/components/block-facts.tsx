import type { ReactNode } from "react";
import type { BlockRecord } from "../../../src/events/block/block-record.ts";
import {
  builderGwei,
  clientOfCode,
  formatBytes,
  formatEth,
  formatGas,
  formatGwei,
  operationsOf,
} from "../lib/block-words.ts";
import { formatList, formatShare } from "../lib/format.ts";
import { Panel } from "./panel.tsx";
import { Root } from "./root.tsx";

/** What stands in a slot's blocks; a slot with two has both. */
export function BlockFacts({ blocks }: { blocks: readonly BlockRecord[] }) {
  if (blocks.length === 0) return null;
  return (
    <Panel title={blocks.length === 1 ? "Block" : "Blocks"} className="block-facts">
      {blocks.map((block) => (
        <div key={block.root} className="block-facts-one">
          {blocks.length > 1 && (
            <p>
              <Root root={block.root} what="block root" />
            </p>
          )}
          <BlockFactList block={block} />
        </div>
      ))}
    </Panel>
  );
}

export function BlockFactList({ block }: { block: BlockRecord }) {
  const { gas_used, gas_limit, gas_fullness, ssz_bytes, base_fee_gwei, blobs, max_blobs, transactions } = block;
  const payment = builderGwei(block);
  const operations = operationsOf(block);
  const clients = [clientOfCode(block.consensus_client), clientOfCode(block.execution_client)].filter(
    (client) => client !== null,
  );
  return (
    <dl className="facts">
      {gas_used !== null && gas_limit !== null && (
        <Fact title="gas">
          <span className="number">{formatShare({ had: gas_fullness ?? 0, of: 1 })}</span>
          <span className="muted number">
            {" "}
            {formatGas(gas_used)} of {formatGas(gas_limit)}
          </span>
        </Fact>
      )}
      {base_fee_gwei !== null && (
        <Fact title="base fee">
          <span className="number">{formatGwei(base_fee_gwei)}</span>
        </Fact>
      )}
      {transactions !== null && (
        <Fact title="transactions">
          <span className="number">{transactions}</span>
        </Fact>
      )}
      {blobs !== null && (
        <Fact title="blobs">
          <span className="number">{blobs}</span>
          {max_blobs !== null && <span className="muted number"> of {max_blobs}</span>}
        </Fact>
      )}
      {ssz_bytes !== null && (
        <Fact title="size">
          <span className="number">{formatBytes(ssz_bytes)}</span>
        </Fact>
      )}
      {payment !== null && (
        <Fact title="builder paid">
          <span className="number">{formatEth(payment)}</span>
        </Fact>
      )}
      <Fact title="proposer">
        <span className="number">{block.proposer_index}</span>
        {clients.length > 0 && <span className="muted"> {formatList(clients)}</span>}
      </Fact>
      {block.graffiti !== "" && (
        <Fact title="graffiti">
          <span className="graffiti">{block.graffiti}</span>
        </Fact>
      )}
      {operations.length > 0 && <Fact title="operations">{formatList(operations.map(({ words }) => words))}</Fact>}
    </dl>
  );
}

function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </>
  );
}
