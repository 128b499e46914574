import { expect, test } from "vitest";
import { jsonSpans, pathText } from "./json-spans.ts";
import { placeProblem, placeWords } from "./watch-problem.ts";

const TEXT = JSON.stringify({
  trigger: { schedule: { interval: "1x" } },
  input: { chain: { inputs: [{ first: { search: {} } }] } },
  condition: { compare: { "ctx.payload.hits.total": { more: 1 } } },
});
const SPANS = jsonSpans(TEXT);

test.each([
  ["could not parse schedule (at trigger.schedule.interval)", "trigger.schedule.interval"],
  ["missing [request] (at input.chain.inputs.0.first.search)", "input.chain.inputs[0].first.search"],
  ["unknown operator (at condition.compare.ctx.payload.hits.total)", "condition.compare.ctx.payload.hits.total"],
  [
    "could not parse [compare] condition for watch [x]. unknown operator [more] (at condition.compare)",
    "condition.compare.ctx.payload.hits.total.more",
  ],
  ["could not parse [compare] condition for watch [x]. it is none", "condition.compare"],
  ["unknown comparison operator [more]", "condition.compare.ctx.payload.hits.total.more"],
  ["could not parse watch [x]. missing required field [actions]", ""],
])("'%s' stands at %s", (message, path) => {
  const problem = placeProblem(message, SPANS);
  expect(pathText(problem.path)).toBe(path);
  expect(problem.span).toBeDefined();
});

test("a place that is missing is told as such, and shown at what should hold it", () => {
  const problem = placeProblem("missing [request] (at input.chain.inputs.0.first.search.request)", SPANS);
  expect(placeWords(problem)).toBe("input.chain.inputs[0].first.search.request (missing)");
  expect(pathText(problem.span?.path ?? [])).toBe("input.chain.inputs[0].first.search");
  expect(problem.sentence).toBe("Missing [request].");
});
