import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import type { Backtest, RuleView } from "../../src/alert/desk.ts";
import { publicSchema } from "../../src/serve/public/schema.ts";
import { alertDocument, alertRecord, deliveryDocument, deliveryRecord } from "../rigs/alert-fixtures.ts";
import { createFakeDesk } from "../rigs/fake-desk.ts";
import { network, slotDocument, slotRecord, slotStartMs } from "../rigs/serve-fixtures.ts";
import { startServeRig } from "../rigs/serve-rig.ts";
import { openPage, SCREENS, type Screen } from "./browser.ts";
import { checkAccessibility, checkWidth, open } from "./checks.ts";
import { expect, type Page } from "./expect.ts";

const WEB = fileURLToPath(new URL("../../dist/web", import.meta.url));
const NOW_SLOT = 100;
const NOW_MS = slotStartMs(NOW_SLOT) + 2000;
const SCRIPT = `<script>document.title="taken"</script><img src=x onerror='document.title="taken"'>`;
const COLOURED = "\u001b[31;1mERROR\u001b[0m could not \u202eesrever";
const STORM = 40;
const WATCH = {
  trigger: { schedule: { interval: "1m" } },
  input: { simple: { message: COLOURED } },
  metadata: { name: SCRIPT, description: COLOURED },
  actions: { log: { logging: { text: SCRIPT } } },
};

/** Alerts whose words strangers wrote, a storm of them, a channel that fails, rules that cannot judge; quiet; and public. */
export async function visitOddAlerts(browser: Browser): Promise<void> {
  const odd = await startServeRig({ ...rigOptions(), documents: oddDocuments(), desk: oddDesk() });
  try {
    for (const screen of SCREENS) await visitOdd(browser, odd.url, screen);
  } finally {
    await odd.close();
  }
  const quiet = await startServeRig({ ...rigOptions(), desk: createFakeDesk({ nowMs: () => NOW_MS }) });
  try {
    for (const screen of SCREENS) await visitQuiet(browser, quiet.url, screen);
  } finally {
    await quiet.close();
  }
  const shown = await startServeRig({
    ...rigOptions(),
    documents: oddDocuments(),
    desk: oddDesk(),
    config: { webDirectory: WEB, public: publicSchema.parse({ cache_seconds: 0 }) },
  });
  try {
    for (const screen of SCREENS) await visitPublic(browser, shown.url, screen);
  } finally {
    await shown.close();
  }
}

function rigOptions() {
  return {
    documents: slots(),
    source: { network: () => ({ ...network, now_ms: NOW_MS }) },
    nowMs: NOW_MS,
    config: { webDirectory: WEB },
  };
}

const slots = () => Array.from({ length: NOW_SLOT }, (_, slot) => slotDocument(slotRecord(slot)));

const storm = Array.from({ length: STORM }, (_, index) =>
  alertRecord(20 + index, { rule: "stormy", id: `stormy/${String(index).padStart(16, "0")}/1`, nodes: [] }),
);
const strange = alertRecord(90, {
  rule: "strange",
  id: `strange/0123456789abcdef/${slotStartMs(90)}`,
  title: SCRIPT,
  text: COLOURED,
  check_first: SCRIPT,
  about: SCRIPT,
  link: "//elsewhere.example/",
  severity: "emergency",
  told: [
    { action: "email", stage: "new", at_ms: slotStartMs(90), status: "failed", reason: COLOURED },
    { action: "chat", stage: "new", at_ms: slotStartMs(90), status: "pending" },
    { action: "log", stage: "new", at_ms: slotStartMs(90), status: "no_account" },
  ],
});
const acknowledged = alertRecord(80, { state: "acknowledged", acknowledged_ms: slotStartMs(81), severity: "critical" });
const over = alertRecord(50, { state: "over", until_ms: slotStartMs(70), severity: "info" });

function oddDocuments() {
  return [
    ...slots(),
    ...[...storm, strange, acknowledged, over].map(alertDocument),
    deliveryDocument(
      deliveryRecord(strange, {
        decided_ms: slotStartMs(90),
        status: "failed",
        reason: COLOURED,
        attempts: 4,
        content: { action: { to: [SCRIPT] } },
      }),
    ),
  ];
}

function oddDesk() {
  const desk = createFakeDesk({ nowMs: () => NOW_MS, shipped: { strange: WATCH, stormy: WATCH } });
  const views = (): RuleView[] =>
    desk.rules().map((rule) => ({
      ...rule,
      title: rule.id === "strange" ? SCRIPT : rule.id,
      description: COLOURED,
      scope: "network",
      severity: "warning",
      cannot_judge: rule.id === "stormy" ? "Only 1 of 3 nodes can be relied on, 2 are needed." : null,
      last_checked_ms: NOW_MS - 1000,
    }));
  const backtest: Backtest = {
    from_ms: slotStartMs(0),
    until_ms: NOW_MS,
    checks: 10,
    failures: 1,
    failure: SCRIPT,
    alerts: [{ ...strange, until_ms: null }],
    metric: {
      title: SCRIPT,
      unit: "ms",
      points: [
        [slotStartMs(10), 1],
        [slotStartMs(11), -2],
      ],
    },
    notes: [SCRIPT],
  };
  return {
    ...desk,
    rules: views,
    rule: (id: string) => ({ ...desk.rule(id), rule: views().find((rule) => rule.id === id) ?? desk.rule(id).rule }),
    execute: () =>
      Promise.resolve({
        id: "x",
        record: {
          state: "executed",
          result: {
            input: { type: "simple", payload: { message: SCRIPT } },
            condition: { type: "always", met: true },
            actions: [{ id: "log", type: "logging", status: "simulated", logging: [{ text: SCRIPT }] }],
          },
        },
      }),
    backtest: () => Promise.resolve(backtest),
    channels: () => [
      {
        kind: "email" as const,
        name: "smtp.example.org",
        configured: true,
        delivered: 3,
        failed: 1,
        waiting: 2,
        last_failure: COLOURED,
        last_failure_ms: NOW_MS - 30_000,
        failing_since_ms: NOW_MS - 600_000,
      },
    ],
  };
}

async function visitOdd(browser: Browser, url: string, screen: Screen): Promise<void> {
  const { page, errors } = await openPage(browser, screen);
  await open(page, `${url}/alerts`);
  await page.getByRole("link", { name: SCRIPT, exact: true }).first().waitFor();
  await page.getByText("Nothing gets through by e-mail smtp.example.org").waitFor();
  await page.getByText("1 rule cannot judge now").waitFor();
  await page.getByRole("button", { name: `Show all ${STORM + 1}` }).click();
  expect((await page.locator(".alert-row.open").count()) === STORM + 1, "not all open alerts are shown");
  await checkAll(page);
  await open(page, `${url}/alerts/${strange.id}`);
  await page
    .locator(".alert-steps", { hasText: "not delivered, in 4 attempts, ERROR could not <U+202E>esrever" })
    .waitFor();
  expect((await page.locator(".alert-detail a[href*=elsewhere]").count()) === 0, "a link leads elsewhere");
  await checkAll(page);
  await open(page, `${url}/rules`);
  await page.getByText("Cannot judge:").waitFor();
  await checkAll(page);
  await page.getByRole("link", { name: SCRIPT, exact: true }).click();
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await page.locator(".done-actions").getByText(SCRIPT).waitFor();
  await page.getByRole("button", { name: "Back-test" }).click();
  await page.getByText("What limits it").waitFor();
  await checkAll(page);
  expect(errors.length === 0, `the console shows errors:\n${errors.join("\n")}`);
  await page.close();
  process.stdout.write(
    `odd alerts, ${screen.theme} ${screen.name}: what strangers write is text, what fails is said.\n`,
  );
}

async function checkAll(page: Page): Promise<void> {
  await checkWidth(page);
  await checkAccessibility(page);
  expect(!(await page.title()).includes("taken"), "a script of a title ran");
}

async function visitQuiet(browser: Browser, url: string, screen: Screen): Promise<void> {
  const { page, errors } = await openPage(browser, screen);
  await open(page, `${url}/alerts`);
  await page.getByText("Quiet: no alert was ever raised.").waitFor();
  await page.getByText("Nobody is told yet").waitFor();
  expect((await page.locator(".badge").count()) === 0, "something is counted while nothing is open");
  await checkAll(page);
  await open(page, `${url}/rules`);
  await page.getByText("There is no rule yet.").waitFor();
  await checkAll(page);
  expect(errors.length === 0, `the console shows errors:\n${errors.join("\n")}`);
  await page.close();
}

/** Nothing of alerts is offered or asked for where anyone may look. */
async function visitPublic(browser: Browser, url: string, screen: Screen): Promise<void> {
  const { page, errors } = await openPage(browser, screen);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await open(page, `${url}/`);
  const rail = page.getByRole("navigation", { name: "Screens" });
  await rail.getByRole("link", { name: "Explore" }).waitFor();
  expect((await rail.getByRole("link", { name: /Alerts|Rules/ }).count()) === 0, "the rail leads to alerts in public");
  for (const path of ["/alerts", "/rules", "/rules/new"]) {
    await open(page, `${url}${path}`);
    await page.getByText("Alerts are for those who run this monitor").waitFor();
    await checkAll(page);
  }
  const refused = asked.filter((path) => /^\/api\/v1\/(?:alerts|rules|silences|channels)/.test(path));
  expect(refused.length === 0, `what is refused was asked for: ${refused.join(" ")}`);
  expect(errors.length === 0, `the console shows errors:\n${errors.join("\n")}`);
  await page.close();
}
