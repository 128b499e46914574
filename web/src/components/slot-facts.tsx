import type { ReactNode } from "react";
import type { SlotRecord } from "../../../src/events/derived.ts";
import { capitalized, formatCount, formatDelay, formatUtc } from "../lib/format.ts";
import type { Baseline } from "../lib/statistics.ts";
import { Panel } from "./panel.tsx";
import { Root } from "./root.tsx";

/** The facts of a slot and its block; each figure with what it is compared with. */
export function SlotFacts({ record, baseline }: { record: SlotRecord; baseline: Baseline | undefined }) {
  const hasBlock = record.block_root !== null;
  return (
    <Panel title="Facts" className="slot-facts">
      <dl className="facts wide">
        <Fact title="begins">
          <span className="number">{formatUtc(record.start_ms)}</span>
        </Fact>
        <Fact title="epoch">
          <span className="number">{record.epoch}</span>, slot {record.slot_index + 1} of it, {capitalized(record.fork)}
        </Fact>
        <Fact title="proposer">
          <span className="number">{record.proposer_index ?? "not known"}</span>
        </Fact>
        {hasBlock && (
          <>
            <Fact title="block">
              <Root root={record.block_root} what="block root" />
            </Fact>
            <Fact title="parent">
              <Root root={record.parent_root} what="parent root" />
              {record.parent_inferred && <span className="muted"> inferred from the nodes' heads</span>}
            </Fact>
            <Fact title="first seen">
              <Delay record={record} baseline={baseline} />
            </Fact>
            <Fact title="spread">
              {record.spread_ms === null ? (
                <span className="muted">one node saw it</span>
              ) : (
                <>
                  <span className="number">{formatDelay(record.spread_ms)}</span>
                  <span className="muted"> over {formatCount(Object.keys(record.seen_ms).length, "node")}</span>
                </>
              )}
            </Fact>
          </>
        )}
      </dl>
    </Panel>
  );
}

function Delay({ record, baseline }: { record: SlotRecord; baseline: Baseline | undefined }) {
  if (record.delay_ms === null) return <span className="muted">not seen</span>;
  const overdueMs = record.delay_ms - record.attestation_due_ms;
  return (
    <>
      <span className={overdueMs > 0 ? "number is-late" : "number"}>{formatDelay(record.delay_ms)}</span>
      <span className="muted">
        {overdueMs > 0 && ` ${formatDelay(overdueMs)} past the attestation deadline;`}
        {baseline !== undefined &&
          ` usual ${formatDelay(baseline.medianMs)}, p95 ${formatDelay(baseline.p95Ms)} (${formatCount(baseline.slots, "slot")} before)`}
      </span>
    </>
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
