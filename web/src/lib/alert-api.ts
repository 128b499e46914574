import type {
  AlertAnswer,
  AlertRecord,
  AlertState,
  AlertsAnswer,
  Backtest,
  BacktestBody,
  ChannelsAnswer,
  RuleAnswer,
  RuleDeletedAnswer,
  RuleHistoryAnswer,
  RulePutAnswer,
  RulesAnswer,
  RuleTestAnswer,
  RuleTestBody,
  Silence,
  SilenceBody,
  SilencesAnswer,
  WatchBody,
} from "../../../src/serve/views.ts";
import type { AlertFilter } from "./alert-filter.ts";
import { askJson } from "./ask-json.ts";

const BASE = "/api/v1";

const get = <T>(path: string, signal: AbortSignal): Promise<T> => askJson<T>(`${BASE}${path}`, { signal });
const send = <T>(method: "POST" | "PUT" | "DELETE", path: string, asked: { body?: unknown; signal: AbortSignal }) =>
  askJson<T>(`${BASE}${path}`, { method, ...asked });
const part = encodeURIComponent;

/** Alerts, rules, silences and channels. Rejects as the other APIs do. */
export const alertApi = {
  /** One page of what is in this state, newest first. */
  alerts(asked: { state: AlertState; filter: AlertFilter; limit: number; before?: number }, signal: AbortSignal) {
    const { state, filter, limit, before } = asked;
    const query = new URLSearchParams({ state, limit: String(limit) });
    if (before !== undefined) query.set("before", String(before));
    for (const [key, value] of Object.entries(filter)) if (value !== undefined) query.set(key, value);
    return get<AlertsAnswer>(`/alerts?${query}`, signal);
  },
  alert: (id: string, signal: AbortSignal) => get<AlertAnswer>(`/alerts/${part(id)}`, signal),
  acknowledge: (id: string, signal: AbortSignal) =>
    send<AlertRecord>("POST", `/alerts/${part(id)}/acknowledge`, { signal }),
  silences: (signal: AbortSignal) => get<SilencesAnswer>("/silences", signal),
  silence: (body: SilenceBody, signal: AbortSignal) => send<Silence>("POST", "/silences", { body, signal }),
  unsilence: (id: string, signal: AbortSignal) => send<unknown>("DELETE", `/silences/${part(id)}`, { signal }),
  channels: (signal: AbortSignal) => get<ChannelsAnswer>("/channels", signal),
  rules: (signal: AbortSignal) => get<RulesAnswer>("/rules", signal),
  rule: (id: string, signal: AbortSignal) => get<RuleAnswer>(`/rules/${part(id)}`, signal),
  saveRule: (id: string, watch: WatchBody, signal: AbortSignal) =>
    send<RulePutAnswer>("PUT", `/rules/${part(id)}`, { body: watch, signal }),
  removeRule: (id: string, signal: AbortSignal) => send<RuleDeletedAnswer>("DELETE", `/rules/${part(id)}`, { signal }),
  setActive: (id: string, active: boolean, signal: AbortSignal) =>
    send<RuleAnswer>("POST", `/rules/${part(id)}/${active ? "activate" : "deactivate"}`, { signal }),
  testRule: (body: RuleTestBody, signal: AbortSignal) => send<RuleTestAnswer>("POST", "/rules/test", { body, signal }),
  backtest: (body: BacktestBody, signal: AbortSignal) => send<Backtest>("POST", "/rules/backtest", { body, signal }),
  history(id: string, asked: { limit: number; before?: number }, signal: AbortSignal) {
    const before = asked.before === undefined ? "" : `&before=${asked.before}`;
    return get<RuleHistoryAnswer>(`/rules/${part(id)}/history?limit=${asked.limit}${before}`, signal);
  },
};
