import { type PointerEvent, useRef, useState } from "react";
import { type Dashboard, GRID_COLUMNS, type Panel, type TimeRange } from "../../../../src/panels/panel.ts";
import { changePlace, type Place } from "../../lib/board-layout.ts";
import { Icon, type IconName } from "../icons.tsx";
import { PopoverButton } from "../popover-button.tsx";
import { PanelPreview } from "./panel-preview.tsx";

const ROW_PX = 24;

/** `grid` as it was at the beginning: what was in the way on the way comes back. */
type Drag = {
  index: number;
  kind: "move" | "resize";
  x: number;
  y: number;
  start: Place;
  grid: readonly Place[];
};

/** The grid to be composed: panels are moved and resized by dragging, by buttons, and by figures. */
export function EditGrid(props: {
  grid: Dashboard["grid"];
  panels: ReadonlyMap<string, Panel>;
  time: TimeRange;
  onChange(grid: readonly Place[]): void;
}) {
  const { grid, panels, time, onChange } = props;
  const box = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<Drag>();
  const begin = (index: number, kind: Drag["kind"], start: Place) => (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    setDrag({ index, kind, x: event.clientX, y: event.clientY, start, grid });
  };
  const follow = (event: PointerEvent<HTMLElement>) => {
    if (drag === undefined || box.current === null) return;
    const columnPx = box.current.clientWidth / GRID_COLUMNS;
    const columns = Math.round((event.clientX - drag.x) / columnPx);
    const rows = Math.round((event.clientY - drag.y) / ROW_PX);
    const { start } = drag;
    const next =
      drag.kind === "move" ? { x: start.x + columns, y: start.y + rows } : { w: start.w + columns, h: start.h + rows };
    onChange(changePlace(drag.grid, drag.index, next));
  };
  const handlers = {
    onPointerMove: follow,
    onPointerUp: () => setDrag(undefined),
    onPointerCancel: () => setDrag(undefined),
  };
  if (grid.length === 0) return <p className="empty">No panel yet: add one above.</p>;
  return (
    <div className="board-grid editing" ref={box}>
      {grid.map((place, index) => {
        const { panel: id, x, y, w, h } = place;
        const panel = panels.get(id);
        const title = panel?.title ?? id;
        return (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: a panel may stand on a dashboard twice
            key={`${id} ${index}`}
            className={drag?.index === index ? "board-place dragged" : "board-place"}
            style={{ gridColumn: `${x + 1} / span ${w}`, gridRow: `${y + 1} / span ${h}`, "--rows": h } as object}
          >
            <section className="panel board-panel" aria-label={title}>
              <div className="place-bar">
                <span
                  className="drag-handle"
                  title="Drag to move"
                  onPointerDown={begin(index, "move", place)}
                  {...handlers}
                >
                  {title}
                </span>
                <PlaceButtons
                  title={title}
                  place={place}
                  onChange={(change) => onChange(changePlace(grid, index, change))}
                  onRemove={() => onChange(grid.filter((_, at) => at !== index))}
                />
              </div>
              <div className="panel-body">
                {panel === undefined ? (
                  <p className="empty">There is no panel of this id.</p>
                ) : (
                  <PanelPreview panel={panel} time={time} stored />
                )}
              </div>
              <span
                className="resize-handle"
                title="Drag to resize"
                onPointerDown={begin(index, "resize", place)}
                {...handlers}
              />
            </section>
          </div>
        );
      })}
    </div>
  );
}

function PlaceButtons(props: {
  title: string;
  place: Place;
  onChange(change: Partial<Omit<Place, "panel">>): void;
  onRemove(): void;
}) {
  const { title, place, onChange, onRemove } = props;
  const number = (name: "x" | "y" | "w" | "h", words: string) => (
    <label className="place-number">
      {words}
      <input
        type="number"
        value={place[name]}
        min={0}
        max={name === "y" ? undefined : 60}
        onChange={({ target }) => target.value !== "" && onChange({ [name]: Number(target.value) })}
      />
    </label>
  );
  const step = (icon: IconName, words: string, change: Partial<Omit<Place, "panel">>) => (
    <button
      type="button"
      className="tool-button"
      aria-label={`${words} ${title}`}
      title={words}
      onClick={() => onChange(change)}
    >
      <Icon name={icon} />
    </button>
  );
  return (
    <span className="place-tools">
      {step("left", "Move left", { x: place.x - 1 })}
      {step("right", "Move right", { x: place.x + 1 })}
      {step("up", "Move up", { y: place.y - 1 })}
      {step("down", "Move down", { y: place.y + 1 })}
      <PopoverButton
        words={<Icon name="full" />}
        label={`Place and size of ${title}`}
        className="tool-button"
        side="right"
      >
        {() => (
          <div className="place-numbers">
            {number("x", "Column")}
            {number("y", "Row")}
            {number("w", "Columns wide")}
            {number("h", "Rows high")}
          </div>
        )}
      </PopoverButton>
      <button type="button" className="tool-button" aria-label={`Remove ${title}`} title="Remove" onClick={onRemove}>
        <Icon name="close" />
      </button>
    </span>
  );
}
