/** As the band draws a line. */
export function LineMark({ error }: { error: boolean }) {
  const colour = error ? "var(--missed)" : "var(--late)";
  return (
    <svg className="glyph" viewBox="0 0 14 14" aria-hidden="true">
      <path d="M7 2l5 5-5 5-5-5z" fill={error ? colour : "none"} stroke={colour} strokeWidth="1.4" />
    </svg>
  );
}
