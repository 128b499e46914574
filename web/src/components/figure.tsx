import type { ReactNode } from "react";
import type { SlotLook } from "../lib/slot-look.ts";

/** One of the figures to see first, with what it is measured against. */
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
