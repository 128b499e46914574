import type { ReactNode } from "react";
import { useMode } from "../lib/use-mode.ts";

/** What a monitor that is open to anyone does not answer: it is neither asked for nor shown there. */
export function OwnOnly({ children }: { children: ReactNode }) {
  const mode = useMode();
  return mode.told && !mode.public ? children : null;
}
