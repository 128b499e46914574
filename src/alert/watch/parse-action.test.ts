import { describe, expect, test } from "vitest";
import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import type { WatchContext } from "../context.ts";
import { parseActions } from "./parse-action.ts";
import { refusalOf, rigContext, rigPorts, rigResponse } from "./watch-rig.ts";

const place = { watchId: "w", path: "actions" };
const parse = (action: Json) => parseActions({ a: action }, place);

const ctx: WatchContext = rigContext(
  {
    total: 3,
    text: 'He said "no" <b>',
    hits: {
      hits: [
        { _id: "1", _source: { node: "a" } },
        { _id: "2", _source: { node: "b" } },
      ],
    },
    names: ["x", "y"],
    empty: [],
  },
  { metadata: { emails: "one@example.org, two@example.org" } },
);

const render = (action: Json, of: WatchContext = ctx) => parse(action)[0]?.render(of, rigPorts());
/** The contents of an action, which is of nothing else. */
const contents = (action: Json) => {
  const rendered = render(action);
  return rendered !== undefined && "contents" in rendered ? rendered.contents : rendered;
};
const logging = (text: string, more: JsonObject = {}) => ({ logging: { text }, ...more });

describe("an action", () => {
  test("of logging has its level and its text", () => {
    expect(contents(logging("{{ctx.payload.text}}"))).toEqual([{ level: "info", text: 'He said "no" <b>' }]);
    expect(
      contents({ logging: { level: "WARN", category: "c", text: { source: "{{n}}", params: { n: 5 } } } }),
    ).toEqual([{ level: "warn", category: "c", text: "5" }]);
  });

  test("of e-mail has lists of addresses, and escapes what is HTML alone", () => {
    const email = {
      account: "main",
      profile: "gmail",
      from: '"A, B" <a@example.org>',
      to: "{{ctx.metadata.emails}}",
      cc: ["c@example.org", '"D, E" <d@example.org>'],
      reply_to: "r@example.org",
      priority: "high",
      subject: "{{ctx.payload.total}}: {{ctx.payload.text}}",
      body: { text: "{{ctx.payload.text}}", html: "<p>{{ctx.payload.text}}</p>" },
    };
    expect(contents({ email })).toEqual([
      {
        account: "main",
        from: '"A, B" <a@example.org>',
        to: ["one@example.org", "two@example.org"],
        cc: ["c@example.org", '"D, E" <d@example.org>'],
        reply_to: ["r@example.org"],
        priority: "high",
        subject: '3: He said "no" <b>',
        body: { text: 'He said "no" <b>', html: "<p>He said &quot;no&quot; &lt;b&gt;</p>" },
      },
    ]);
    expect(contents({ email: { body: "plain" } })).toEqual([{ body: { text: "plain" } }]);
  });

  test("of a webhook escapes what goes into JSON", () => {
    const request = { method: "POST", url: "https://example.org/hook?x={{ctx.payload.total}}" };
    expect(contents({ webhook: { ...request, body: '{"text": "{{ctx.payload.text}}"}' } })).toEqual([
      { url: "https://example.org/hook?x=3", method: "post", body: '{"text": "He said \\"no\\" <b>"}' },
    ]);
    expect(contents({ webhook: { ...request, body: "{{ctx.payload.text}}" } })).toMatchObject([
      { body: 'He said "no" <b>' },
    ]);
    expect(
      contents({
        webhook: { ...request, body: '"{{ctx.payload.text}}"', headers: { "content-type": "application/json" } },
      }),
    ).toMatchObject([{ body: '"He said \\"no\\" <b>"', headers: { "content-type": "application/json" } }]);
    expect(
      contents({
        webhook: { host: "h", port: 80, path: ":/x", params: { a: "{{ctx.payload.total}}" }, read_timeout_millis: 5 },
      }),
    ).toEqual([
      {
        scheme: "http",
        host: "h",
        port: 80,
        path: ":/x",
        method: "get",
        params: { a: "3" },
        read_timeout_in_millis: 5,
      },
    ]);
  });

  test("of Slack has its attachments, and one an element", () => {
    const message = {
      from: "watcher",
      to: ["#a", "@b"],
      text: "{{ctx.payload.total}} hits",
      attachments: [
        { title: "T", color: "danger", fields: [{ title: "n", value: "{{ctx.payload.total}}", short: true }] },
      ],
      dynamic_attachments: {
        list_path: "ctx.payload.hits.hits",
        attachment_template: { title: "{{_id}}", text: "{{_source.node}} of {{ctx.watch_id}}" },
      },
    };
    expect(contents({ slack: { account: "s", message } })).toEqual([
      {
        account: "s",
        message: {
          from: "watcher",
          to: ["#a", "@b"],
          text: "3 hits",
          attachments: [
            { title: "T", color: "danger", fields: [{ title: "n", value: "3", short: true }] },
            { title: "1", text: "a of w" },
            { title: "2", text: "b of w" },
          ],
        },
      },
    ]);
    const elsewhere = {
      ...message,
      dynamic_attachments: { ...message.dynamic_attachments, list_path: "ctx.payload.total" },
    };
    expect(render({ slack: { message: elsewhere } })).toMatchObject({
      kind: "failed",
      type: "illegal_argument_exception",
    });
  });

  test("of an index has the payload, or each of its documents", () => {
    expect(
      contents({ index: { index: "<found-{now/d}>", doc_id: "{{ctx.id}}", refresh: true, op_type: "create" } }),
    ).toEqual([{ index: "found-2026.11.28", doc_id: "w_1", op_type: "create", refresh: "true", payload: ctx.payload }]);
    const transform = {
      script:
        "['_doc': ctx.payload.hits.hits.stream().map(h -> ['_id': h._id, 'node': h._source.node]).collect(Collectors.toList())]",
    };
    expect(contents({ index: { index: "found", execution_time_field: "at" }, transform })).toEqual([
      { index: "found", doc_id: "1", payload: { node: "a", at: ctx.execution_time } },
      { index: "found", doc_id: "2", payload: { node: "b", at: ctx.execution_time } },
    ]);
    expect(render({ index: {} })).toMatchObject({
      kind: "failed",
      reason: "neither the action nor the document names an [index]",
    });
    expect(render({ index: { index: "x" }, transform: { script: "['_doc': [1]]" } })).toMatchObject({ kind: "failed" });
  });

  test("goes through its condition, its transform and its elements in this order", () => {
    const more = {
      condition: { compare: { "ctx.payload.total": { gt: 2 } } },
      transform: { script: "['total': ctx.payload.total * 2]" },
    };
    expect(contents(logging("{{ctx.payload.total}}", more))).toEqual([{ level: "info", text: "6" }]);
    expect(render(logging("x", { condition: { never: {} } }))).toEqual({ kind: "condition_not_met" });
    // As in Watcher the elements are those of the payload before the action's transform.
    const each = logging("{{ctx.payload._id}}{{ctx.payload.total}}", { ...more, foreach: "ctx.payload.hits.hits" });
    expect(contents(each)).toEqual([
      { level: "info", text: "1" },
      { level: "info", text: "2" },
    ]);
    expect(contents(logging("{{ctx.payload._value}}", { foreach: "ctx.payload.names", max_iterations: 1 }))).toEqual([
      { level: "info", text: "x" },
    ]);
  });

  test("waits for a search of its transform", async () => {
    const transform = { search: { request: { indices: "logs", body: { size: 0 } } } };
    const [action] = parse(logging("{{ctx.payload.hits.total}}", { transform }));
    const ports = rigPorts({ search: () => Promise.resolve(rigResponse([], 42)) });
    expect(await action?.render(ctx, ports)).toEqual({ kind: "contents", contents: [{ level: "info", text: "42" }] });
    expect(await action?.render(ctx, rigPorts())).toEqual({
      kind: "failed",
      type: "exception",
      reason: "no search is answered",
    });
  });

  test.each<[JsonObject, string, string]>([
    [
      { foreach: "ctx.payload.empty" },
      "exception",
      "foreach object [ctx.payload.empty] was an empty list, could not run any action",
    ],
    [{ foreach: "ctx.payload.absent" }, "exception", "specified foreach object was null: [ctx.payload.absent]"],
    [
      { foreach: "ctx.payload.total" },
      "exception",
      "specified foreach object was not a an array/collection: [ctx.payload.total]",
    ],
    [{ condition: { script: "ctx.payload.absent.x" } }, "script_exception", "runtime error"],
    [{ transform: { script: "1 / 0" } }, "script_exception", "runtime error"],
  ])("with %j fails in Elasticsearch's words", (more, type, reason) => {
    expect(render(logging("x", more))).toEqual({ kind: "failed", type, reason });
  });

  test("keeps its own throttle period", () => {
    expect(parse(logging("x", { throttle_period: "1.5m" }))[0]?.throttlePeriodMs).toBe(90_000);
    expect(parse(logging("x", { throttle_period_in_millis: 500 }))[0]?.throttlePeriodMs).toBe(500);
    expect(parse(logging("x"))[0]?.throttlePeriodMs).toBe(undefined);
  });
});

describe("a transform", () => {
  test("of a chain hands each payload on, and a value that is no object is its _value", () => {
    const chain = [{ script: "['a': ctx.payload.total + 1]" }, { script: "ctx.payload.a * 10" }];
    expect(contents(logging("{{ctx.payload._value}}", { transform: { chain } }))).toEqual([
      { level: "info", text: "40" },
    ]);
  });

  test.each<[Json, string]>([
    [5, "could not parse transform for watch [w], expected an object but found [VALUE_NUMBER]"],
    [{}, "could not parse transform for watch [w], expected one transform type, but found []"],
    [{ map: {} }, "could not parse transform for watch [w], unknown transform type [map]"],
    [
      { chain: {} },
      "could not parse [chain] transform for watch [w]. expected an array of 1 to 50 transform objects, but found [START_OBJECT] instead",
    ],
    [{ search: {} }, "could not parse [search] transform for watch [w]. missing required [request] field"],
    [{ script: "return x" }, "compile error"],
  ])("%j is refused", (transform, reason) => {
    expect(refusalOf(() => parse(logging("x", { transform })))["reason"]).toBe(reason);
  });
});

describe("an action that cannot be", () => {
  test.each<[Json, string, string]>([
    [5, "could not parse action [w/a]. expected an object but found [VALUE_NUMBER]", ""],
    [{ throttle_period: "5s" }, "could not parse watch action [w/a]. missing action type", ""],
    [
      { logging: { text: "x" }, email: {} },
      "could not parse action [w/a]. expected one action type, but found [logging, email]",
      "",
    ],
    [{ sms: {} }, "could not parse action [w/a]. unknown action type [sms]", ".sms"],
    [{ jira: {} }, "action type [jira] is not supported: use a webhook", ".jira"],
    [
      logging("x", { throttle_period: "soon" }),
      "could not parse action [w/a]. failed to parse field [throttle_period] as time value",
      ".throttle_period",
    ],
    [logging("x", { foreach: 5 }), "[foreach] must be the path of an array, but found [VALUE_NUMBER]", ".foreach"],
    [logging("x", { max_iterations: 0 }), "[max_iterations] must be a number from 1 to 10000", ".max_iterations"],
    [{ logging: {} }, "failed to parse [logging] action [w]. missing required [text] field", ".logging"],
    [
      { logging: { text: "x", level: "loud" } },
      "failed to parse [logging] action [w]. unknown logging level [loud]",
      ".logging.level",
    ],
    [
      { email: { to: [5] } },
      "could not parse email template. invalid addresses: expected a string or an array of them, but found [VALUE_NUMBER]",
      ".email.to",
    ],
    [{ email: { subjects: "x" } }, "could not parse email template. unexpected field [subjects]", ".email.subjects"],
    [
      { email: { priority: "loud" } },
      "could not parse email template. unknown email priority [loud]",
      ".email.priority",
    ],
    [
      { email: { body: { pdf: "x" } } },
      "could not parse email template. expected an html, text or [html, text] field but found [pdf] instead",
      ".email.body.pdf",
    ],
    [
      { email: { attach_data: true } },
      "[attach_data] of an e-mail is not supported: put what matters into its text",
      ".email.attach_data",
    ],
    [{ slack: {} }, "failed to parse [slack] action [w]. missing required [message] field", ".slack"],
    [
      { slack: { message: { channel: "x" } } },
      "could not parse slack message. unknown field [channel].",
      ".slack.message.channel",
    ],
    [
      { index: { doc_type: "x" } },
      "could not parse [index] action [w]. unexpected field [doc_type]",
      ".index.doc_type",
    ],
    [
      { index: { index: "x", op_type: "update" } },
      "could not parse [index] action [w]. failed to parse op_type value for field [op_type]: expected [index] or [create], found [update]",
      ".index.op_type",
    ],
    [{ webhook: { url: "nowhere" } }, "could not parse http request template. malformed URL [nowhere]", ".webhook.url"],
    [
      { webhook: { url: "http://a/", headers: { Authorization: "Bearer {{ctx.metadata.token}}" } } },
      "[Authorization] cannot be a template: a webhook's header that may hold a secret must be a plain text without templates",
      ".webhook.headers.Authorization",
    ],
    [
      { webhook: { url: "http://a/", headers: { "X-Api-Key": { source: "abc" } } } },
      "[X-Api-Key] cannot be a template: a webhook's header that may hold a secret must be a plain text without templates",
      ".webhook.headers.X-Api-Key",
    ],
    [
      { logging: { text: { id: "stored" } } },
      "stored templates are not supported, only inline ones",
      ".logging.text.id",
    ],
  ])("%j is refused", (action, reason, path) => {
    expect(refusalOf(() => parse(action))).toMatchObject({ reason, path: `actions.a${path}` });
  });

  test("for its name is refused", () => {
    expect(refusalOf(() => parseActions({ "a b": logging("x") }, place))["reason"]).toBe(
      "could not parse action [a b] for watch [w]. id contains whitespace",
    );
    expect(refusalOf(() => parseActions([], place))["reason"]).toBe(
      "could not parse actions for watch [w]. expected an object but found [START_ARRAY] instead",
    );
  });
});
