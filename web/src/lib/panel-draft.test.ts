import { expect, test } from "vitest";
import { draftOf, NEW_PANEL, panelOfDraft, VIEW_TEMPLATES } from "./panel-draft.ts";

const panel = { ...NEW_PANEL, id: "a", title: "A", description: "How to read it." };

test("a draft makes the panel that it was made of, with a view of any kind", () => {
  for (const view of Object.values(VIEW_TEMPLATES)) {
    const whole = { ...panel, view, variables: { node: "ethereum.node.name" } };
    expect(panelOfDraft(draftOf(whole)).value).toEqual(whole);
  }
});

test("what is wrong is told where it was written", () => {
  const draft = draftOf(panel);
  expect(panelOfDraft({ ...draft, body: "{", view: "[" }).problems?.map(({ path }) => path)).toEqual([
    "request.body",
    "view",
  ]);
  expect(panelOfDraft({ ...draft, title: "" }).problems?.[0]?.path).toBe("title");
  expect(panelOfDraft({ ...draft, id: "new" }).problems).toEqual([
    { path: "id", sentence: "'new' is taken: choose another id." },
  ]);
});
