import { useId } from "react";
import type { SlotLook } from "../lib/slot-look.ts";

/** The grid's cell in the size of text: the same colours and shapes, for lists and keys. Its words stand beside it. */
export function SlotGlyph({ look }: { look: SlotLook }) {
  const id = useId();
  return (
    <svg className="glyph" viewBox="0 0 14 14" aria-hidden="true">
      {look === "proposed" && <rect x="1" y="1" width="12" height="12" rx="2" fill="var(--ok)" />}
      {look === "late" && <path d="M1 1h6.500l5.500 5.500V13H1z" fill="var(--late)" />}
      {look === "missed" && (
        <rect x="2" y="2" width="10" height="10" rx="2" fill="none" stroke="var(--missed)" strokeWidth="2" />
      )}
      {look === "orphaned" && (
        <>
          <clipPath id={id}>
            <rect x="1" y="1" width="12" height="12" rx="2" />
          </clipPath>
          <path
            d="M-4 13 8 1M0 13 12 1M4 13 16 1M8 13 20 1"
            stroke="var(--orphaned)"
            strokeWidth="1.4"
            clipPath={`url(#${id})`}
          />
          <rect
            x="1.7"
            y="1.7"
            width="10.6"
            height="10.6"
            rx="1.6"
            fill="none"
            stroke="var(--orphaned)"
            strokeWidth="1.4"
          />
        </>
      )}
      {look === "pending" && <rect x="1.5" y="1.5" width="11" height="11" rx="2" fill="none" stroke="var(--pending)" />}
      {look === "unknown" && (
        <rect
          x="1.5"
          y="1.5"
          width="11"
          height="11"
          rx="2"
          fill="none"
          stroke="var(--pending)"
          strokeDasharray="1.5 2"
        />
      )}
    </svg>
  );
}
