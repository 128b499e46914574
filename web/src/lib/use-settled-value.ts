import { useEffect, useState } from "react";

/** A value once it has not changed for `holdMs`; the first one at once. */
export function useSettledValue<T>(value: T, holdMs: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), holdMs);
    return () => clearTimeout(timer);
  }, [value, holdMs]);
  return settled;
}
