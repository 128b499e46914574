import { type FormEvent, useEffect, useState } from "react";
import type { SlotRecord } from "../../../src/events/derived.ts";
import { navigate, slotPath } from "../lib/router.ts";
import { LOOK_WORDS, lookOf } from "../lib/slot-look.ts";
import { Icon } from "./icons.tsx";
import { Link } from "./link.tsx";
import { SlotGlyph } from "./slot-glyph.tsx";

/** Which slot this is, its neighbours (also by arrow keys), and the way to any other. */
export function SlotHeader(props: { slot: number; record: SlotRecord | undefined; currentSlot: number }) {
  const { slot, record, currentSlot } = props;
  const [previous, next] = [slot > 0 ? slot - 1 : undefined, slot < currentSlot ? slot + 1 : undefined];
  useArrowKeys(previous, next);
  return (
    <header className="slot-header">
      <Neighbour slot={previous} side="left" />
      <h1>
        <span className="muted">Slot </span>
        <span className="number">{slot}</span>
      </h1>
      <Neighbour slot={next} side="right" />
      {record !== undefined && (
        <p className={`slot-status ${lookOf(record)}`}>
          <SlotGlyph look={lookOf(record)} />
          {LOOK_WORDS[lookOf(record)]}
          {record.status === "orphaned" && record.late && " after it came late"}
        </p>
      )}
      <GoToSlot />
    </header>
  );
}

function Neighbour({ slot, side }: { slot: number | undefined; side: "left" | "right" }) {
  const words = side === "left" ? "Previous" : "Next";
  if (slot === undefined) {
    return (
      <button type="button" className="quiet-button icon-button" disabled aria-label={`${words} slot`}>
        <Icon name={side} />
      </button>
    );
  }
  return (
    <Link to={slotPath(slot)} className="quiet-button icon-button" label={`${words} slot, ${slot}`}>
      <Icon name={side} />
    </Link>
  );
}

function GoToSlot() {
  const [text, setText] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!/^\d{1,15}$/.test(text)) return;
    setText("");
    navigate(slotPath(Number(text)));
  };
  return (
    <form className="go-to" onSubmit={submit}>
      <label htmlFor="go-to-slot">Go to slot</label>
      <input
        id="go-to-slot"
        className="number"
        inputMode="numeric"
        pattern="[0-9]*"
        autoComplete="off"
        placeholder="number"
        value={text}
        onChange={(event) => setText(event.target.value.trim())}
      />
    </form>
  );
}

/** Left and right lead to the neighbours, except while something is typed or a part of the page is scrolled by keys. */
function useArrowKeys(previous: number | undefined, next: number | undefined): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      if (event.target instanceof Element && event.target.closest("input, select, textarea, .scroll-table")) return;
      const target = event.key === "ArrowLeft" ? previous : event.key === "ArrowRight" ? next : undefined;
      if (target !== undefined) navigate(slotPath(target));
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [previous, next]);
}
