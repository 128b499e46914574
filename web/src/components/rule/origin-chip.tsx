import type { RuleView } from "../../../../src/serve/views.ts";

const WORDS: Readonly<Record<RuleView["origin"], string>> = {
  shipped: "It came with the monitor, and is as it came.",
  changed: "It came with the monitor, and was saved over.",
  own: "Somebody made it here.",
};

/** Whether a rule came with the monitor. */
export function OriginChip({ origin }: { origin: RuleView["origin"] }) {
  return (
    <span className={`origin ${origin}`} title={WORDS[origin]}>
      {origin}
    </span>
  );
}
