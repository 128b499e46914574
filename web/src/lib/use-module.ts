import { useEffect, useState } from "react";

/** A part of the program that is fetched when it is needed. */
export type LoadedModule<M> = { kind: "loading" } | { kind: "failed"; sentence: string } | { kind: "ready"; module: M };

/** Fetches a part of the program; `load` has to keep its identity. */
export function useModule<M extends object>(load: () => Promise<M>): LoadedModule<M> {
  const [loaded, setLoaded] = useState<LoadedModule<M>>({ kind: "loading" });
  useEffect(() => {
    let left = false;
    load().then(
      (module) => {
        if (!left) setLoaded({ kind: "ready", module });
      },
      () => {
        if (left) return;
        const sentence =
          "A part of this page could not be fetched: the monitor was updated since, or does not answer. Load the page anew.";
        setLoaded({ kind: "failed", sentence });
      },
    );
    return () => {
      left = true;
    };
  }, [load]);
  return loaded;
}
