import { type ReactNode, useId, useState } from "react";
import { useDismiss } from "../lib/use-dismiss.ts";

/** A button with what it opens below itself; Escape and a click elsewhere close it. */
export function PopoverButton(props: {
  words: ReactNode;
  label?: string;
  className?: string;
  side?: "left" | "right";
  children: (close: () => void) => ReactNode;
}) {
  const { words, label, className = "quiet-button", side = "left", children } = props;
  const [open, setOpen] = useState(false);
  const box = useDismiss(open, () => setOpen(false));
  const id = useId();
  return (
    <div className="popover-box" ref={box}>
      <button
        type="button"
        className={className}
        aria-label={label}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        {words}
      </button>
      <div id={id} className={`popover from-${side}`} hidden={!open}>
        {open && children(() => setOpen(false))}
      </div>
    </div>
  );
}
