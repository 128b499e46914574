import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { startFakeCluster } from "../rigs/fake-cluster.ts";
import { startFakeNode } from "../rigs/fake-node.ts";
import { startProgram } from "../rigs/program.ts";
import { openPage, SCREENS } from "./browser.ts";
import { checkAccessibility, checkWidth, until } from "./checks.ts";
import { expect } from "./expect.ts";

const SCREENSHOTS = fileURLToPath(new URL("../../docs/screenshots/", import.meta.url));
const OFFLINE = fileURLToPath(new URL("../rigs/offline.json", import.meta.url));
const SLOT_S = 2;
const BANNER = ".banner.problem";
/** Pages that are answered from the store, and the words with which each says in place that it cannot be read. */
const STORED = ["/reorgs", "/validators", "/latency", "/blocks", "/participation"];

/** The pages of a monitor whose cluster goes away and comes back. Writes docs/screenshots. */
export async function visitCluster(browser: Browser): Promise<void> {
  const cluster = await startFakeCluster();
  const genesisTimeS = Math.floor(Date.now() / 1000) - 400 * SLOT_S;
  const node = await startFakeNode({ genesisTimeS, spec: { SECONDS_PER_SLOT: String(SLOT_S) } });
  const directory = await mkdtemp(join(tmpdir(), "ethmon-web-"));
  const root = (slot: number) => `0x${slot.toString(16).padStart(64, "0")}`;
  const blocks = setInterval(() => {
    const slot = Math.floor((Date.now() / 1000 - genesisTimeS) / SLOT_S);
    node.emit("block", { slot: String(slot), block: root(slot), execution_optimistic: false });
  }, SLOT_S * 1000);
  const watching = ["--data", directory, "--node", `n1=${node.url}`, "--store", cluster.url, "--config", OFFLINE];
  const program = startProgram(["run", ...watching, "--port", "0", "--log-level", "error"]);
  try {
    const url = await program.url;
    await until(async () => node.streams() === 1, "the node is watched");
    for (const screen of SCREENS) {
      const { page } = await openPage(browser, screen);
      await cluster.away();
      for (const name of ["live", "nodes"]) {
        await page.goto(name === "live" ? url : `${url}/nodes`);
        await page.locator(BANNER).getByText("documents wait in the journal").waitFor();
        await page.locator("h1").waitFor({ state: "attached" });
        await checkWidth(page);
        await checkAccessibility(page);
        await page.screenshot({ path: `${SCREENSHOTS}cluster-away-${name}-${screen.theme}-${screen.name}.png` });
      }
      for (const path of STORED) {
        await page.goto(`${url}${path}`);
        await page.locator("main").getByText("The cluster has taken no documents").first().waitFor();
        await checkWidth(page);
      }
      // The page is not loaded again: it comes back by itself.
      await cluster.back();
      await page.locator(BANNER).waitFor({ state: "detached" });
      await page.locator("main").getByText("The cluster has taken no documents").first().waitFor({ state: "detached" });
      await page.close();
      process.stdout.write(
        `cluster away, ${screen.theme} ${screen.name}: it is told on every page, and until it ends.\n`,
      );
    }
    expect(program.errors().split("took no documents").length - 1 <= SCREENS.length, "the log repeats a trouble");
  } finally {
    clearInterval(blocks);
    program.process.kill("SIGTERM");
    await program.ended;
    await node.close();
    await cluster.close();
    await rm(directory, { recursive: true, force: true });
  }
}
