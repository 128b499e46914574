import { checkAccessibility, checkWidth, open, until } from "./checks.ts";
import { expect, type Page } from "./expect.ts";

type Stored = { dashboard: { title: string; grid: { panel: string; x: number; y: number; w: number; h: number }[] } };

/** A shipped dashboard is copied, changed by keyboard alone, saved, and removed again. */
export async function checkEditor(page: Page, at: { url: string; id: string }): Promise<void> {
  const { url, id } = at;
  await open(page, `${url}/dashboards/participation`);
  await page.getByRole("link", { name: "Duplicate and edit" }).click();
  const title = page.getByLabel("Title", { exact: true });
  await title.waitFor();
  await title.fill("");
  await page.getByRole("button", { name: "Save" }).click();
  await page.locator(".problems", { hasText: "title" }).first().waitFor();
  await title.fill(`Copy ${id}`);
  await page.getByLabel("Id, in its address").fill(id);
  const before = await page.locator(".board-grid.editing .board-place").count();
  const first = page.locator(".board-grid.editing .board-panel").first();
  const name = (await first.getAttribute("aria-label")) ?? "";
  await page.getByRole("button", { name: `Remove ${name}` }).click();
  await page.getByLabel("Panel to add").selectOption("late-blocks");
  await page.getByRole("button", { name: "Add panel" }).click();
  await until(
    async () => (await page.locator(".board-grid.editing .board-place").count()) === before,
    "the panel was not added",
  );
  await page.getByRole("button", { name: "Place and size of Late blocks" }).press("Enter");
  await page.getByLabel("Columns wide").fill("20");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Move right Late blocks" }).press("Enter");
  await checkWidth(page);
  await checkAccessibility(page);
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForURL(`**/dashboards/${id}`, { waitUntil: "commit" });
  await page.getByRole("heading", { name: `Copy ${id}` }).waitFor();
  const { dashboard } = (await (await fetch(`${url}/api/v1/dashboards/${id}`)).json()) as Stored;
  const place = dashboard.grid.find(({ panel }) => panel === "late-blocks");
  expect(place?.w === 20 && place.x === 1, `the panel was saved at ${JSON.stringify(place)}`);
  await page.getByRole("link", { name: "Edit", exact: true }).click();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByText("its panels stay").waitFor();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.waitForURL("**/dashboards", { waitUntil: "commit" });
}

const BROKEN_VIEW = {
  kind: "vega-lite",
  property: "aggregations.over_time.buckets",
  spec: { mark: "bar", transform: [{ calculate: "nonsense(datum.key)", as: "a" }], encoding: {} },
};

/** A panel is written with its preview; a specification that throws is told in its place. */
export async function checkPanelEditor(page: Page, at: { url: string; id: string }): Promise<void> {
  const { url, id } = at;
  await open(page, `${url}/panels/new`);
  const preview = page.getByRole("region", { name: "Preview" });
  await preview.locator("canvas").first().waitFor();
  const view = page.getByLabel("How it is drawn");
  const own = await view.inputValue();
  await view.fill(JSON.stringify(BROKEN_VIEW));
  await preview.getByText("The chart's specification cannot be drawn").waitFor();
  await checkAccessibility(page);
  const linked = { ...BROKEN_VIEW, spec: { ...BROKEN_VIEW.spec, data: { url: "https://example.org/x.json" } } };
  await view.fill(JSON.stringify(linked));
  await view.fill(own.replace('"vega-lite"', '"pie"'));
  await page.locator(".problems", { hasText: "view" }).first().waitFor();
  await view.fill(own);
  await page.getByLabel("Title", { exact: true }).fill(`Panel ${id}`);
  await page.getByLabel("How to read it").fill("Each point is a span of time.");
  await page.getByLabel("Id", { exact: true }).fill(id);
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForURL("**/dashboards", { waitUntil: "commit" });
  await page.getByRole("link", { name: `Panel ${id}` }).click();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.waitForURL("**/dashboards", { waitUntil: "commit" });
}
