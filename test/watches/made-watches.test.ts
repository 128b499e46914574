import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseWatch } from "../../src/alert/watch/parse-watch.ts";
import type { Panel } from "../../src/panels/panel.ts";
import { ruleOfPanel, ruleOfSearch } from "../../web/src/lib/explore-rule.ts";
import { exploreOf } from "../../web/src/lib/explore-state.ts";
import { valueAtPath } from "../../web/src/lib/watch-fields.ts";
import { helpAt } from "../../web/src/lib/watch-help.ts";
import { watchTemplates } from "../../web/src/lib/watch-templates.ts";

const DEADLINES = { attestation_due_ms: 3000, aggregate_due_ms: 6000 };
const NETWORK = { name: "devnet", forks: [{ fork: "fulu", epoch: 0, deadlines: DEADLINES }] };

const shippedOf = (folder: string) =>
  readdirSync(new URL(`../../${folder}/`, import.meta.url))
    .filter((name) => name.endsWith(".json"))
    .map((name) => ({
      id: name.replace(/\.json$/, ""),
      content: JSON.parse(readFileSync(new URL(`../../${folder}/${name}`, import.meta.url), "utf8")) as unknown,
    }));

test("every template is a watch that is understood, whatever the network is", () => {
  for (const network of [NETWORK, undefined])
    for (const { id, watch } of watchTemplates(network)) expect(parseWatch({ id, body: watch }).id).toBe(id);
});

test("late blocks begin where the network's attestations are due", () => {
  const [late] = watchTemplates(NETWORK);
  expect(valueAtPath(late?.watch, ["condition", "compare", "ctx.payload.ethereum.delay_ms", "gte"])).toBe(3000);
});

test("what a search or any shipped panel becomes is a watch that is understood", () => {
  const state = exploreOf({
    ...{ id: "a", title: "A", description: "", index: "a-*", query_string: 'say:"hi"', columns: [], sort: null },
    filters: [{ field: "x", value: 1, negate: true }],
    time: { from: "now-1h", to: "now" },
  });
  const rule = ruleOfSearch({ state, index: "a-*", timeField: "@timestamp" });
  expect(parseWatch({ id: "a", body: rule }).id).toBe("a");
  for (const { id, content } of shippedOf("panels").filter(({ content }) => valueAtPath(content, ["request"]))) {
    const body = ruleOfPanel({ panel: content as Panel, network: "mainnet" });
    expect(JSON.stringify(body)).not.toMatch(/%autointerval%|%timefilter%|\{network\}/);
    expect(parseWatch({ id, body }).id).toBe(id);
  }
});

test("every key that a shipped watch has of a trigger, an alert or an action is explained", () => {
  const unexplained = shippedOf("watches").flatMap(({ id, content }) =>
    [
      ["trigger", "stream"],
      ["trigger", "schedule"],
      ["metadata", "alert"],
      ["actions", "email"],
      ["actions", "log"],
    ]
      .flatMap((path) => Object.keys(valueAtPath(content, path) ?? {}).map((key) => [...path, key]))
      .filter((path) => helpAt(path).path.length < path.length)
      .map((path) => `${id}: ${path.join(".")}`),
  );
  expect(unexplained).toEqual([]);
});
