import { useState } from "react";
import { formatBytes } from "../lib/host-words.ts";
import { cutText, shownText } from "../lib/safe-text.ts";

const FEW = 240;

/** What a stranger wrote: as text, without a terminal's colours, cut until all of it is asked for. */
export function CutText({ text, most = FEW }: { text: string; most?: number }) {
  const [all, setAll] = useState(false);
  const cut = cutText(text, most);
  if (cut === undefined) return <span className="told-text">{shownText(text)}</span>;
  return (
    <span className={all ? "told-text whole" : "told-text"}>
      {all ? shownText(text) : `${shownText(cut)}…`}{" "}
      <button type="button" className="link-button" onClick={() => setAll(!all)}>
        {all ? "Show less" : `Show all (${formatBytes(text.length)})`}
      </button>
    </span>
  );
}
