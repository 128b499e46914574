/**
 * Looks at the pages with Debian's Chromium, both themes, desk and phone, with axe and an eye on the console. First four
 * monitors side by side: a demo, with which it works as a user does; one to which servers send; one whose cluster goes
 * away and comes back; and one on real nodes with faults, whose pages must hold what happened. Then four: a demo with
 * dashboards and Explore, one with rules and their alerts, one over a day of mainnet and its servers for every dashboard,
 * and one that holds what strangers may write. All but the first demo and the last write docs/screenshots. `--only demo`,
 * `boards`, `rules`, `day`, `strange`, `hosts`, `cluster` or `devnet` visits one of them, `--url` a demo that runs already.
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Browser } from "playwright-core";
import { stopSignal } from "../../src/cli/stop-signal.ts";
import { isFault, messageOf } from "../../src/lib/fault.ts";
import { launchBrowser } from "./browser.ts";
import { visitBoards } from "./visit-boards.ts";
import { visitCluster } from "./visit-cluster.ts";
import { visitDay } from "./visit-day.ts";
import { visitDemo, visitRunningDemo } from "./visit-demo.ts";
import { visitDevnet } from "./visit-devnet.ts";
import { visitHosts } from "./visit-hosts.ts";
import { visitRules } from "./visit-rules.ts";
import { visitStrange } from "./visit-strange.ts";

const WEB_PAGES = fileURLToPath(new URL("../../dist/web/index.html", import.meta.url));
/** EX_TEMPFAIL of sysexits.h: nothing was proven, the same command may succeed later. */
const EXIT_TEMPORARY = 75;

const { values: options } = parseArgs({ options: { url: { type: "string" }, only: { type: "string" } } });

const browser = await launchBrowser();
const { signal, close } = stopSignal();
if (browser === undefined) {
  fail("Chromium is missing: apt-get install chromium installs it on Debian.");
} else if (options.url === undefined && !existsSync(WEB_PAGES)) {
  fail("The web pages are not built: npm run build builds them.");
} else {
  for (const together of visitsWith(browser)) {
    const visits = await Promise.allSettled(together.map((visit) => visit()));
    for (const visit of visits) if (visit.status === "rejected") tell(visit.reason);
  }
}
await browser?.close();
close();

type Visit = () => Promise<void>;

/** Real nodes keep real time, and share the machine with no more than they must. */
function visitsWith(opened: Browser): (readonly Visit[])[] {
  const { url, only } = options;
  if (url !== undefined) return [[() => visitRunningDemo(opened, url.replace(/\/$/, ""))]];
  const waves: Readonly<Record<string, Visit>>[] = [
    {
      demo: () => visitDemo(opened),
      hosts: () => visitHosts(opened),
      cluster: () => visitCluster(opened),
      devnet: () => visitDevnet({ browser: opened, signal }),
    },
    {
      boards: () => visitBoards(opened),
      day: () => visitDay({ browser: opened, signal }),
      strange: () => visitStrange(opened),
      rules: () => visitRules(opened),
    },
  ];
  return waves.map((wave) => Object.entries(wave).flatMap(([name, visit]) => ((only ?? name) === name ? [visit] : [])));
}

function tell(error: unknown): void {
  // What the browser waited for in vain is called a timeout as well, and is a failure.
  if (signal.aborted || (isFault(error) && error.retry === "retryable")) {
    process.stderr.write(`test:web: nothing was proven: ${messageOf(error)}\n`);
    process.exitCode ??= EXIT_TEMPORARY;
  } else fail(messageOf(error));
}

function fail(sentence: string): void {
  process.stderr.write(`test:web: ${sentence}\n`);
  process.exitCode = 1;
}
