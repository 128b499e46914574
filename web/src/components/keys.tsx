import type { SlotLook } from "../lib/slot-look.ts";
import { SlotGlyph } from "./slot-glyph.tsx";

const LOOKS: readonly { look: SlotLook; words: string }[] = [
  { look: "proposed", words: "proposed" },
  { look: "late", words: "late" },
  { look: "missed", words: "missed" },
  { look: "orphaned", words: "orphaned" },
  { look: "pending", words: "pending" },
  { look: "unknown", words: "unknown" },
];

export function GridKey() {
  return (
    <ul className="key" aria-label="Key to the slots">
      {LOOKS.map(({ look, words }) => (
        <li key={look}>
          <SlotGlyph look={look} />
          {words}
        </li>
      ))}
    </ul>
  );
}

/** What the lanes' marks mean; `all` with the rows that only the Slot page draws. */
export function ArrivalKey({ all = false }: { all?: boolean }) {
  return (
    <ul className="key" aria-label="Key to the lanes">
      <li>
        <svg className="glyph" viewBox="0 0 14 14" aria-hidden="true">
          <path d="M7 3l4 7H3z" fill="none" stroke="var(--text)" strokeWidth="1.3" strokeLinejoin="round" />
        </svg>
        block by gossip
      </li>
      <li>
        <svg className="glyph" viewBox="0 0 14 14" aria-hidden="true">
          <path d="M7 3l4 7H3z" fill="var(--text)" stroke="var(--text)" strokeWidth="1.3" strokeLinejoin="round" />
        </svg>
        imported
      </li>
      <li>
        <svg className="glyph" viewBox="0 0 14 14" aria-hidden="true">
          <path d="M7 1v12" stroke="var(--text)" strokeWidth="1.6" />
        </svg>
        head
      </li>
      <Swatch colour="var(--votes)" words="votes per 100 ms" />
      <Swatch colour="var(--aggregates)" words="aggregates" />
      {all && <Swatch colour="var(--contributions)" words="sync contributions" />}
      {all && <Swatch colour="var(--columns)" words="data columns" />}
    </ul>
  );
}

function Swatch({ colour, words }: { colour: string; words: string }) {
  return (
    <li>
      <svg className="glyph" viewBox="0 0 14 14" aria-hidden="true">
        <path d="M1 13V9h3v4zM5.500 13V3h3v10zM10 13V7h3v6z" fill={colour} />
      </svg>
      {words}
    </li>
  );
}
