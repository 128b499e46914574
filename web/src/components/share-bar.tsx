/** A share of a whole as a bar in the line of a table; the figure stands beside it. */
export function ShareBar({ share, colour = "var(--votes)" }: { share: number; colour?: string }) {
  return (
    <span className="share-bar" aria-hidden="true">
      <span style={{ width: `${100 * Math.min(1, Math.max(0, share))}%`, background: colour }} />
    </span>
  );
}
