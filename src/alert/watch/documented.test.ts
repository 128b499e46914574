import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { createSearchRig, type RigIndex, type SearchRig } from "../../search/search-rig.ts";
import type { MappedField } from "../../search/target.ts";
import type { Watch } from "../watch.ts";
import { parseWatch } from "./parse-watch.ts";
import { RIG_NOW_MS, type RigPorts, refusalOf, rigContext, rigPorts } from "./watch-rig.ts";

const FOLDER = new URL("documented/", import.meta.url);
const body = (file: string): unknown => JSON.parse(readFileSync(new URL(file, FOLDER), "utf8"));
const watchOf = (file: string): Watch => parseWatch({ id: file.replace(".json", ""), body: body(file) });

const at = (minutesAgo: number) => new Date(RIG_NOW_MS - minutesAgo * 60_000).toISOString();
const keyword = { type: "keyword" } as const;
const mapping: RigIndex["mapping"] = new Map<string, MappedField>([
  ["level", keyword],
  ["loglevel", keyword],
  ["process", keyword],
  ["source_dest", keyword],
  ["host.name", keyword],
  ["message", { type: "text" }],
  ...["response", "dest_port"].map((name) => [name, { type: "long" }] as const),
  ...["used_p", "cpu_p"].map((name) => [name, { type: "double" }] as const),
]);

const log = (minutesAgo: number, level: string, name: string, more: JsonObject = {}) => ({
  source: { "@timestamp": at(minutesAgo), level, host: { name }, ...more },
});
const metric = (minutesAgo: number, name: string, more: JsonObject) => ({
  source: { "@timestamp": at(minutesAgo), host: { name }, ...more },
});

const INDICES: Readonly<Record<string, RigIndex["documents"]>> = {
  logs: [
    log(0.2, "error", "a", { message: "an error of the disk" }),
    log(0.5, "error", "a", { message: 'error: "bad" block' }),
    log(0.6, "warn", "b", { message: "fine" }),
    log(3, "info", "a", { message: "GET /", response: 404 }),
    log(10, "info", "c", { message: "GET /", response: 404 }),
    log(20, "error", "c", { message: "old error" }),
  ],
  metrics: [
    metric(1, "full", { used_p: 0.97, cpu_p: 0.2, process: "geth" }),
    metric(1, "busy", { used_p: 0.4, cpu_p: 0.85, process: "miner" }),
    metric(2, "busy", { used_p: 0.4, cpu_p: 0.95, process: "geth" }),
    metric(30, "gone", { used_p: 0.99, cpu_p: 1, process: "geth" }),
  ],
  connections: [
    ...[21, 22, 23, 80].map((dest_port) => metric(5, "s", { source_dest: "10.0.0.1_10.0.0.2", dest_port })),
    metric(5, "s", { source_dest: "10.0.0.1_10.0.0.3", dest_port: 443 }),
  ],
};

const rigs = new Map<string, SearchRig>();

beforeAll(async () => {
  for (const [index, documents] of Object.entries(INDICES)) {
    const numbered = documents.map((document, number) => ({ id: String(number), ...document }));
    // Its own clock stands elsewhere: the watches bring their moment.
    rigs.set(index, await createSearchRig({ indices: [{ index, mapping, documents: numbered }], nowMs: 0 }));
  }
});

afterAll(() => {
  for (const rig of rigs.values()) rig.close();
});

/** Ports with the real search, and with these answers to requests. */
function ports(answers: Readonly<Record<string, Json>> = {}): RigPorts {
  return rigPorts({
    async search({ indices, body: asked }) {
      const [index = ""] = /^[a-z]+/.exec(indices[0] ?? "") ?? [];
      const rig = rigs.get(index);
      if (rig === undefined) throw new Error(`no rig has ${index}`);
      return { took: 1, ...(await rig.search(asked)) };
    },
    fetch({ url }) {
      const text = JSON.stringify(answers[url]);
      if (text === undefined) throw new Error(`nobody answers ${url}`);
      return Promise.resolve({ status: 200, headers: { "content-type": "application/json" }, text });
    },
  });
}

type Runs = {
  file: string;
  answers?: Readonly<Record<string, Json>>;
  met?: boolean;
  /** What each action says; none that its condition leaves out. */
  says: Readonly<Record<string, readonly JsonObject[]>>;
};

const logs = (...texts: readonly string[]) => ({ log: texts.map((text) => ({ level: "info", text })) });
const health = (status: string) => ({ "http://localhost:9200/_cluster/health": { cluster_name: "c", status } });
const WEATHER = "http://api.weather.example/data/2.5/weather?lat=52.374031&lon=4.88969&appid=my-key";

const RUNS: readonly Runs[] = [
  { file: "errors-in-logs.json", says: logs('2 errors in the logs: an error of the disk; error: "bad" block;') },
  {
    file: "http-404-in-window.json",
    says: {
      email_admin: [{ to: ["admin@example.org"], subject: "404 recently encountered", body: { text: "1 times." } }],
    },
  },
  {
    file: "cluster-health.json",
    answers: health("red"),
    says: {
      send_email: [
        { to: ["admin@example.org"], subject: "Cluster status warning", body: { text: "Cluster c is red" } },
      ],
    },
  },
  { file: "cluster-health.json", answers: health("green"), met: false, says: {} },
  {
    file: "weather.json",
    answers: { [WEATHER]: { name: "Amsterdam", main: { temp: 270.5, humidity: 90 } } },
    says: { tell: [{ message: { to: ["#weather"], text: "Amsterdam: 270.5 K" } }] },
  },
  { file: "weather.json", answers: { [WEATHER]: { name: "Amsterdam", main: { temp: 280 } } }, met: false, says: {} },
  {
    file: "reminder.json",
    says: {
      reminder_email: [{ to: ["to@example.org"], subject: "Reminder", body: { text: "Dear John, it is noon." } }],
    },
  },
  {
    file: "chained-inputs.json",
    answers: { "http://localhost:9200/logs/_search": { hits: { total: 3 } } },
    says: logs("3 of 3"),
  },
  {
    file: "chained-inputs.json",
    answers: { "http://localhost:9200/logs/_search": { hits: { total: 4 } } },
    met: false,
    says: {},
  },
  { file: "top-hosts-array-compare.json", says: logs("a: 3", "c: 2") },
  { file: "compare-two-paths.json", says: logs("3") },
  { file: "newest-within-five-minutes.json", says: logs(`Something came at ${at(0.2)}`) },
  { file: "script-with-params.json", says: logs(`3 errors at ${at(0)}`) },
  { file: "filesystem-usage.json", says: logs("Over 90%: full 97%") },
  { file: "cpu-usage.json", says: logs("CPU is high on: busy (90%)") },
  { file: "system-fails-to-provide-data.json", says: logs("Nothing in 5m from: gone") },
  { file: "new-process-started.json", says: logs("New: miner") },
  {
    file: "port-scan.json",
    says: {
      ...logs("Port scan: 10.0.0.1_10.0.0.2"),
      index_payload: [
        {
          index: "connection-scans",
          doc_id: "10.0.0.1_10.0.0.2",
          payload: { pair: "10.0.0.1_10.0.0.2", ports: 4, "@timestamp": at(0) },
        },
      ],
    },
  },
  {
    file: "conditional-actions.json",
    says: {
      email_administrator: [
        {
          to: ["sys.admino@example.org"],
          subject: "Encountered 3 errors",
          body: { text: "Too many errors in the system, see attached data" },
          priority: "high",
        },
      ],
    },
  },
  {
    file: "webhook-github-issue.json",
    says: {
      create_github_issue: [
        {
          url: "https://api.github.example/repos/owner/repo/issues",
          method: "post",
          body: '{"title":"Problem","body":"The \\"index\\" is red","assignee":"alice","labels":["bug","sev2"]}',
          auth: { basic: { username: "user", password: "token" } },
        },
      ],
    },
  },
  {
    file: "webhook-pagerduty-incident.json",
    says: {
      pagerduty: [
        {
          scheme: "https",
          host: "events.pagerduty.example",
          port: 443,
          path: "/v2/enqueue",
          method: "post",
          headers: { "Content-Type": "application/json" },
          body: '{"event_action": "trigger", "payload": {"summary": "Disk \\"sda\\" is full", "severity": "critical", "source": "webhook-pagerduty-incident"}}',
        },
      ],
    },
  },
  {
    file: "slack-dynamic-attachments.json",
    says: {
      "notify-slack": [
        {
          account: "team1",
          message: {
            from: "watcher",
            to: ["#admins"],
            text: "Encountered errors",
            attachments: [
              { color: "danger", title: "a", text: "2 errors" },
              { color: "danger", title: "c", text: "1 errors" },
            ],
          },
        },
      ],
    },
  },
  {
    file: "index-action-with-transform.json",
    says: {
      index_payload: [
        {
          index: "copies-2026.11",
          doc_id: "copy-5",
          op_type: "create",
          refresh: "wait_for",
          payload: { message: "old error" },
        },
        {
          index: "copies-2026.11",
          doc_id: "copy-4",
          op_type: "create",
          refresh: "wait_for",
          payload: { message: "GET /" },
        },
      ],
    },
  },
];

type Refused = { file: string; type: string; reason: string; path: string };

const REFUSED: readonly Refused[] = [
  {
    file: "filesystem-usage-stored-script.json",
    type: "illegal_argument_exception",
    reason: "stored scripts are not supported, only inline ones",
    path: "transform.script.id",
  },
  {
    file: "filesystem-usage-statements.json",
    type: "script_exception",
    reason: "compile error",
    path: "transform.script",
  },
  { file: "large-shards.json", type: "script_exception", reason: "compile error", path: "transform.script" },
  {
    file: "email-with-attached-data.json",
    type: "illegal_argument_exception",
    reason: "[attach_data] of an e-mail is not supported: put what matters into its text",
    path: "actions.email_me.email.attach_data",
  },
  {
    file: "email-with-attachments.json",
    type: "illegal_argument_exception",
    reason: "[attachments] of an e-mail is not supported: put what matters into its text",
    path: "actions.email_admin.email.attachments",
  },
  {
    file: "pagerduty-action.json",
    type: "illegal_argument_exception",
    reason: "action type [pagerduty] is not supported: use a webhook",
    path: "actions.notify-pagerduty.pagerduty",
  },
  {
    file: "jira-action.json",
    type: "illegal_argument_exception",
    reason: "action type [jira] is not supported: use a webhook",
    path: "actions.create-jira-issue.jira",
  },
  {
    file: "search-template.json",
    type: "parse_exception",
    reason: "could not parse [search] input for watch [search-template]. failed to parse [request]",
    path: "input.search.request.template",
  },
  {
    file: "search-with-types.json",
    type: "parse_exception",
    reason: "could not parse [search] input for watch [search-with-types]. failed to parse [request]",
    path: "input.search.request.types",
  },
];

describe("a watch as Elastic documents it", () => {
  test.each(RUNS)("runs unchanged: $file, met: $met", async ({ file, answers, met = true, says }) => {
    const watch = watchOf(file);
    const asked = ports(answers);
    const before = rigContext({}, { watch_id: watch.id, metadata: watch.metadata });
    const check = await watch.check(before, asked);
    expect(check.error).toBe(undefined);
    expect(check.met).toBe(met);
    const said: Record<string, Json> = {};
    for (const action of met ? watch.actions : []) {
      const rendered = await action.render({ ...before, payload: check.payload }, asked);
      expect(rendered.kind).not.toBe("failed");
      if (rendered.kind === "contents") said[action.id] = rendered.contents;
    }
    expect(said).toEqual(says);
    expect(watch.trigger.kind === "schedule" && watch.trigger.nextMs(RIG_NOW_MS)).toBeGreaterThan(RIG_NOW_MS);
  });

  test.each(REFUSED)("is refused with the reason: $file", ({ file, ...refusal }) => {
    expect(refusalOf(() => watchOf(file))).toMatchObject(refusal);
  });

  test("is tried, every one", () => {
    const tried = new Set([...RUNS, ...REFUSED].map(({ file }) => file));
    expect([...tried].sort()).toEqual(
      readdirSync(FOLDER)
        .filter((name) => name.endsWith(".json"))
        .sort(),
    );
  });
});
