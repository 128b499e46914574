import { useCallback } from "react";
import type { ClockLook } from "../../../src/serve/views.ts";
import { useMonitor } from "./monitor.tsx";
import { type Stored, useStored } from "./use-stored.ts";

/** The API's limit of one page: eighteen hours of the closest looks, twelve days of the usual ones. */
const MOST = 1000;
/** Looks come every 64 s at the most. */
const RENEW_MS = 60_000;

/** The looks at the clock that are stored, newest first. */
export function useClockLooks(nowMs: number): Stored<readonly ClockLook[]> {
  const { api } = useMonitor();
  const read = useCallback(async (signal: AbortSignal) => (await api.clockLooks({ limit: MOST, signal })).looks, [api]);
  return useStored(read, Math.floor(nowMs / RENEW_MS));
}
