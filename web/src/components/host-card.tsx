import type { ReactNode } from "react";
import type { HostFigure, HostView, LinesView, NodeHosts } from "../../../src/serve/views.ts";
import { Sparkline } from "../charts/sparkline.tsx";
import { formatCount } from "../lib/format.ts";
import { formatBytes, formatPercent, fullestOf, isFull, missingWords } from "../lib/host-words.ts";
import { nodePath } from "../lib/router.ts";
import { ClientChip } from "./client-chip.tsx";
import { Link } from "./link.tsx";

type Span = { fromMs: number; toMs: number; stepMs: number };

/** Shippers send every ten seconds or so: a minute without a sample is a silence. */
const SILENCE_MS = 60_000;
const MOST_CLASSES = 3;

/** One node's servers: figures now and over the span, and what its clients complained of. */
export function HostCard({ node, client, span }: { node: NodeHosts; client: string | null; span: Span }) {
  const missing = missingWords(node);
  return (
    <article className="host-card">
      <header className="node-card-head">
        <ClientChip client={client} />
        <h3>
          <Link to={nodePath(node.node)} className="number">
            {node.node}
          </Link>
        </h3>
      </header>
      {node.hosts.map((host) => (
        <HostFigures key={`${host.host} ${host.shipper}`} host={host} span={span} />
      ))}
      {node.lines !== null && <Lines lines={node.lines} />}
      {missing !== undefined && <p className="host-missing muted">{sentence(missing)}</p>}
    </article>
  );
}

function sentence(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`;
}

function HostFigures({ host, span }: { host: HostView; span: Span }) {
  const { now, cores } = host;
  const disk = fullestOf(host);
  return (
    <>
      <p className="host-name number">
        {host.host}
        <span className="muted"> by {host.shipper === "metricbeat" ? "Metricbeat" : "Telegraf"}</span>
      </p>
      <dl className="host-figures">
        <Row
          title="CPU"
          alarm={isFull("cpu_share", now.cpu_share?.value)}
          spark={<Spark host={host} figure="cpu_share" span={span} whole={1} />}
        >
          {now.cpu_share === null ? "–" : formatPercent(now.cpu_share.value)}
        </Row>
        <Row
          title="memory"
          alarm={isFull("memory_share", now.memory_share?.value)}
          spark={<Spark host={host} figure="memory_share" span={span} whole={1} />}
        >
          {now.memory_share === null ? "–" : formatPercent(now.memory_share.value)}
        </Row>
        <Row title="load" spark={<Spark host={host} figure="load_1" span={span} whole={cores ?? undefined} />}>
          {now.load_1 === null ? "–" : now.load_1.value.toFixed(2)}
          {cores !== null && <span className="muted"> of {formatCount(cores, "core")}</span>}
        </Row>
        <Row title="received" spark={<Spark host={host} figure="in_bytes_per_s" span={span} />}>
          {now.in_bytes_per_s === null ? "–" : `${formatBytes(now.in_bytes_per_s.value)}/s`}
        </Row>
        <Row title="sent" spark={<Spark host={host} figure="out_bytes_per_s" span={span} />}>
          {now.out_bytes_per_s === null ? "–" : `${formatBytes(now.out_bytes_per_s.value)}/s`}
        </Row>
        <Row title="disk" alarm={isFull("disk", disk?.used_share)}>
          {disk === undefined ? (
            "–"
          ) : (
            <>
              {formatPercent(disk.used_share)} <span className="muted">of {disk.mount}</span>
            </>
          )}
        </Row>
      </dl>
    </>
  );
}

function Row(props: { title: string; alarm?: boolean; spark?: ReactNode; children: ReactNode }) {
  const { title, alarm = false, spark, children } = props;
  return (
    <div className="host-row">
      <dt>{title}</dt>
      <dd>
        <span className={alarm ? "number is-missed" : "number"}>
          {alarm && <span aria-hidden="true">■ </span>}
          {children}
        </span>
        {spark}
      </dd>
    </div>
  );
}

function Spark(props: { host: HostView; figure: HostFigure; span: Span; whole?: number | undefined }) {
  const { host, figure, span, whole } = props;
  const points = host.points.flatMap((point) => {
    const value = point[figure];
    return value === null ? [] : [{ atMs: point.at_ms, value }];
  });
  if (points.length === 0) return null;
  const most = Math.max(whole ?? 0, ...points.map(({ value }) => value));
  return (
    <Sparkline
      points={points}
      fromMs={span.fromMs}
      toMs={span.toMs}
      whole={most}
      gapMs={Math.max(SILENCE_MS, 2 * span.stepMs)}
      colour="var(--votes)"
    />
  );
}

/** How many errors and warnings there were, and the commonest classes of them. */
function Lines({ lines }: { lines: LinesView }) {
  const { errors, warnings, by_class, seen } = lines;
  const classes = by_class.slice(0, MOST_CLASSES);
  return (
    <p className="host-told">
      <span className={errors > 0 ? "number is-missed" : "number"}>{formatCount(errors, "error")}</span>,{" "}
      <span className="number">{formatCount(warnings, "warning")}</span>{" "}
      <span className="muted">of {formatCount(seen, "line")}</span>
      {classes.length > 0 && (
        <span className="sub">
          {classes
            .map(
              ({ client, error_type, count }) =>
                `${[client, error_type ?? "other"].filter(Boolean).join(" ")} ${count}`,
            )
            .join(" · ")}
        </span>
      )}
    </p>
  );
}
