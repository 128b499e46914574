import { useId, useState } from "react";
import type { HealthSummary } from "../lib/health.ts";
import { useDismiss } from "../lib/use-dismiss.ts";
import { Link } from "./link.tsx";

/** The monitor's own health: a dot, its shape and colour by level; a click says why. */
export function HealthDot({ summary }: { summary: HealthSummary }) {
  const [open, setOpen] = useState(false);
  const box = useDismiss(open, () => setOpen(false));
  const id = useId();
  return (
    <div className="health" ref={box}>
      <button
        type="button"
        className="quiet-button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <span className={`dot ${summary.level}`} />
        <span className="visually-hidden">Health of the monitor: </span>
        <span>{summary.level === "unknown" ? "no contact" : summary.level}</span>
      </button>
      <div id={id} className="popover" hidden={!open}>
        <p className="popover-title">{summary.title}</p>
        <ul>
          {summary.reasons.map((reason) => (
            <li key={reason.sentence}>
              {reason.sentence}
              {reason.more !== undefined && (
                <>
                  {" "}
                  <Link to={reason.more.to}>{reason.more.words}</Link>
                </>
              )}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
