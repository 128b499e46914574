import { shortRoot } from "../lib/format.ts";
import { CopyButton } from "./copy-button.tsx";

/** A root, shortened in the middle; whole on hover, copied on click. */
export function Root({ root, what = "root" }: { root: string | null; what?: string }) {
  if (root === null) return <span className="muted">none</span>;
  return (
    <CopyButton text={root} className="root number" label={`${shortRoot(root)}, copy the ${what}`} title={root}>
      {shortRoot(root)}
    </CopyButton>
  );
}
