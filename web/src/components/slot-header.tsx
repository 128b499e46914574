import { type FormEvent, useState } from "react";
import type { SlotRecord } from "../../../src/events/derived.ts";
import { navigate, slotPath } from "../lib/router.ts";
import { LOOK_WORDS, lookOf } from "../lib/slot-look.ts";
import { Neighbour, useArrowKeys } from "./neighbours.tsx";
import { SlotGlyph } from "./slot-glyph.tsx";

/** Which slot this is, its neighbours (also by arrow keys), and the way to any other. */
export function SlotHeader(props: { slot: number; record: SlotRecord | undefined; currentSlot: number }) {
  const { slot, record, currentSlot } = props;
  const [previous, next] = [slot > 0 ? slot - 1 : undefined, slot < currentSlot ? slot + 1 : undefined];
  const [previousPath, nextPath] = [pathOf(previous), pathOf(next)];
  useArrowKeys(previousPath, nextPath);
  return (
    <header className="slot-header">
      <Neighbour to={previousPath} side="left" label={neighbourLabel("Previous", previous)} />
      <h1>
        <span className="muted">Slot </span>
        <span className="number">{slot}</span>
      </h1>
      <Neighbour to={nextPath} side="right" label={neighbourLabel("Next", next)} />
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

const pathOf = (slot: number | undefined) => (slot === undefined ? undefined : slotPath(slot));

const neighbourLabel = (side: string, slot: number | undefined) =>
  slot === undefined ? `${side} slot` : `${side} slot, ${slot}`;

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
