import {
  type AlertRecord,
  type AlertState,
  alertDataset,
  type DeliveryRecord,
  deliveryDataset,
  SEVERITIES,
  type Severity,
  watchHistoryDataset,
} from "../../events/alert-records.ts";
import { fieldOf, recordOfSource } from "../../events/record.ts";
import { Fault } from "../../lib/fault.ts";
import { indexName } from "../../search/index-pattern.ts";
import type { QueryBody } from "../../search/request.ts";
import type { Store } from "../../store/store.ts";
import type { AlertAnswer, AlertsAnswer, RuleExecution, RuleHistoryAnswer } from "../alerts-view.ts";
import { isoOfMs } from "./iso-time.ts";
import { BY_ARRIVAL, searchPage, searchRecords } from "./stored-records.ts";

type Asked = { store: Pick<Store, "search">; network: string; signal: AbortSignal };

export type AlertsAsked = Asked & {
  state?: AlertState | undefined;
  rule?: string | undefined;
  /** At least so severe. */
  severity?: Severity | undefined;
  /** About this node, alone or among others. */
  node?: string | undefined;
  /** Not over before, Unix milliseconds. */
  since?: number | undefined;
  limit: number;
  before?: number | undefined;
};

/** One page of alerts: without a state all that are not over stand first on the first one. */
export async function readAlerts(asked: AlertsAsked): Promise<AlertsAnswer> {
  const { store, network, signal, state, limit, before } = asked;
  const filter = filtersOf(asked);
  const page = async (wanted: AlertState) => {
    const { records, next_before } = await searchPage<AlertRecord>(store, {
      dataset: alertDataset,
      network,
      filter: [...filter, { term: { [fieldOf(alertDataset, "state")]: wanted } }],
      key: "since_ms",
      tieBreak: fieldOf(alertDataset, "id"),
      limit,
      before,
      signal,
    });
    return { alerts: records, next_before };
  };
  if (state !== undefined) return page(state);
  const over = await page("over");
  return before === undefined ? { ...over, alerts: [...(await notOver()), ...over.alerts] } : over;

  function notOver(): Promise<AlertRecord[]> {
    return searchRecords<AlertRecord>(store, {
      dataset: alertDataset,
      network,
      filter: [...filter, { terms: { [fieldOf(alertDataset, "state")]: ["open", "acknowledged"] } }],
      // Descending, open stands before acknowledged.
      sort: [{ [fieldOf(alertDataset, "state")]: "desc" }, { [fieldOf(alertDataset, "since_ms")]: "desc" }],
      signal,
    });
  }
}

function filtersOf({ rule, severity, node, since }: AlertsAsked): QueryBody[] {
  const atLeast = severity === undefined ? [] : SEVERITIES.slice(SEVERITIES.indexOf(severity));
  const until = fieldOf(alertDataset, "until_ms");
  return [
    ...(rule === undefined ? [] : [{ term: { [fieldOf(alertDataset, "rule")]: rule } }]),
    ...(severity === undefined ? [] : [{ terms: { [fieldOf(alertDataset, "severity")]: atLeast } }]),
    ...(node === undefined ? [] : [{ term: { [fieldOf(alertDataset, "nodes")]: node } }]),
    ...(since === undefined ? [] : [{ bool: { must_not: [{ range: { [until]: { lt: isoOfMs(since) } } }] } }]),
  ];
}

/** One alert with its deliveries. Throws `alert_unknown`. */
export async function readAlert({ store, network, id, signal }: Asked & { id: string }): Promise<AlertAnswer> {
  const [alert] = await searchRecords<AlertRecord>(store, {
    dataset: alertDataset,
    network,
    filter: [{ term: { [fieldOf(alertDataset, "id")]: id } }],
    size: 1,
    signal,
  });
  if (alert === undefined) throw new Fault("alert_unknown", "There is no alert of this id.");
  const deliveries = await searchRecords<DeliveryRecord>(store, {
    dataset: deliveryDataset,
    network,
    filter: [{ term: { [fieldOf(deliveryDataset, "alert")]: id } }],
    sort: [{ [fieldOf(deliveryDataset, "decided_ms")]: "asc" }],
    signal,
  });
  return { alert, deliveries };
}

/** When an execution was is its `@timestamp` alone. */
const stamped = {
  ...watchHistoryDataset,
  columns: [
    ...watchHistoryDataset.columns,
    { key: "at_ms", name: "@timestamp", type: "date" as const, words: "When it was executed." },
  ],
};

/** One page of a watch's executions, newest first. */
export async function readExecutions(
  asked: Asked & { watch: string; limit: number; before?: number | undefined },
): Promise<RuleHistoryAnswer> {
  const { store, network, watch, limit, before, signal } = asked;
  const filter = [
    { term: { [fieldOf(watchHistoryDataset, "watch")]: watch } },
    ...(before === undefined ? [] : [{ range: { "@timestamp": { lt: isoOfMs(before) } } }]),
  ];
  const { hits } = await store.search(
    indexName(watchHistoryDataset, network),
    {
      query: { bool: { filter } },
      sort: [{ "@timestamp": "desc" }, BY_ARRIVAL],
      size: limit + 1,
      track_total_hits: false,
    },
    { signal },
  );
  const found = hits.hits.map((hit) => recordOfSource(stamped, hit._source) as RuleExecution);
  const executions = found.slice(0, limit);
  return { executions, next_before: found.length > limit ? (executions.at(-1)?.at_ms ?? null) : null };
}
