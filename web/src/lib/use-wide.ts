import { useState } from "react";

/** Whether there was room for a column at the side when the page was opened. */
export function useWide(): boolean {
  const [wide] = useState(() => window.matchMedia("(min-width: 761px)").matches);
  return wide;
}
