import { memo } from "react";
import { clientShares } from "../lib/block-figures.ts";
import type { BlockRow } from "../lib/block-rows.ts";
import { clientMark } from "../lib/client-palette.ts";
import { formatShare } from "../lib/format.ts";
import { ClientChip } from "./client-chip.tsx";
import { Panel } from "./panel.tsx";
import { ShareBar } from "./share-bar.tsx";

const LAYERS = ["consensus", "execution"] as const;
const ONE = { consensus: "a consensus client", execution: "an execution client" } as const;

/** Which clients the proposers' graffiti name. */
export const BlockClients = memo(function BlockClients({ rows }: { rows: readonly BlockRow[] }) {
  return (
    <Panel
      title="Clients by graffiti"
      hint="Of the canonical blocks: what their graffiti says of the proposer's clients. Operators can write what they like."
      className="block-clients"
    >
      {LAYERS.map((layer) => (
        <Layer key={layer} layer={layer} rows={rows} />
      ))}
    </Panel>
  );
});

function Layer({ layer, rows }: { layer: (typeof LAYERS)[number]; rows: readonly BlockRow[] }) {
  const shares = clientShares(rows, layer);
  const named = shares.some(({ client }) => client !== null);
  return (
    <>
      <h3>{layer === "consensus" ? "Consensus clients" : "Execution clients"}</h3>
      {!named && (
        <p className="empty">
          {shares.length === 0
            ? "No block of this range was read whole."
            : `None of the ${shares[0]?.of} blocks' graffiti names ${ONE[layer]}.`}
        </p>
      )}
      {named && (
        <ul className="share-list">
          {shares.map(({ client, had, of }) => (
            <li key={client ?? ""}>
              <span className="share-name">
                {client === null ? (
                  <span className="muted">not named</span>
                ) : (
                  <>
                    <ClientChip client={client} />
                    {client}
                  </>
                )}
              </span>
              <ShareBar share={had / of} colour={client === null ? "var(--line-strong)" : clientMark(client).colour} />
              <span className="right number">{formatShare({ had, of })}</span>
              <span className="right number muted">{had}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
