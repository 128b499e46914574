import type { ReactNode } from "react";
import type { SlotLook } from "../lib/slot-look.ts";

/** One figure with its title above and its baseline below; an alarm says "look here" in the colour of its kind. */
export function Figure(props: { title: string; value: ReactNode; alarm?: SlotLook | undefined; children: ReactNode }) {
  const { title, value, alarm, children } = props;
  return (
    <div className={alarm === undefined ? "figure" : `figure alarm ${alarm}`}>
      <p className="figure-title">{title}</p>
      <p className="figure-value number">{value}</p>
      <p className="figure-note">{children}</p>
    </div>
  );
}
