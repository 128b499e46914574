import { type PointerEvent, type ReactNode, type RefObject, useRef } from "react";
import { formatDelay } from "../lib/format.ts";
import type { TimeScale } from "./time-scale.ts";

/** What holds charts of one time axis: a crosshair over all of them follows the pointer and tells its time. */
export function TimeBox(props: {
  className: string;
  box: RefObject<HTMLDivElement | null>;
  scale: TimeScale;
  /** How the crosshair tells its time. */
  tell?: (ms: number) => string;
  children: ReactNode;
}) {
  const { className, box, scale, tell = formatDelay, children } = props;
  const line = useRef<HTMLDivElement>(null);
  const show = (x: number | undefined) => {
    if (!line.current) return;
    line.current.hidden = x === undefined;
    if (x === undefined) return;
    line.current.style.transform = `translateX(${x}px)`;
    line.current.dataset["time"] = tell(scale.ms(x));
  };
  const follow = (event: PointerEvent<HTMLDivElement>) => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    show(x >= scale.left && x <= scale.right ? x : undefined);
  };
  return (
    <div className={className} ref={box} onPointerMove={follow} onPointerLeave={() => show(undefined)}>
      {children}
      <div className="crosshair" ref={line} hidden />
    </div>
  );
}
