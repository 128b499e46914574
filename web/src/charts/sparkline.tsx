const WIDTH = 120;
const HEIGHT = 26;

/**
 * A small series over a span of time, `values` from none to `whole`. Its figures stand beside it and in the page's
 * table; a silence longer than `gapMs` breaks the line.
 */
export function Sparkline(props: {
  points: readonly { atMs: number; value: number }[];
  fromMs: number;
  toMs: number;
  whole: number;
  gapMs: number;
  colour: string;
}) {
  const { points, fromMs, toMs, whole, gapMs, colour } = props;
  const path = points
    .map(({ atMs, value }, index) => {
      const x = (WIDTH * (atMs - fromMs)) / (toMs - fromMs);
      const y = HEIGHT - 1 - (HEIGHT - 3) * Math.min(1, whole > 0 ? value / whole : 0);
      const before = points[index - 1];
      const begins = before === undefined || atMs - before.atMs > gapMs;
      // A lone sample is drawn as a short line.
      return begins ? `M${x.toFixed(1)} ${y.toFixed(1)}h1` : `L${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join("");
  return (
    <svg className="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path d={`M0 ${HEIGHT - 0.5}H${WIDTH}`} stroke="var(--line-strong)" strokeWidth="1" />
      <path d={path} fill="none" stroke={colour} strokeWidth="1.5" vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
