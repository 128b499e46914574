import { readFile } from "node:fs/promises";
import { sleep } from "../src/lib/sleep.ts";

/**
 * Waits until the program that writes its greeting to the given file serves health, slots and the page.
 * Fails after a minute.
 */
const [greetingFile = ""] = process.argv.slice(2);
const limit = AbortSignal.timeout(60_000);
let missing = "nothing was tried";
while (!limit.aborted) {
  missing = await whatIsMissing().catch((error: unknown) => String(error));
  if (missing === "") break;
  await sleep(500, limit);
}
if (missing !== "") {
  process.stderr.write(`The demo does not serve: ${missing}\n`);
  process.exitCode = 1;
}

async function whatIsMissing(): Promise<string> {
  const url = /http:\/\/\S+/.exec(await readFile(greetingFile, "utf8"))?.[0];
  if (url === undefined) return "no address yet";
  const health = (await (await fetch(`${url}/api/v1/health`)).json()) as { status: string; reasons: unknown };
  if (health.status !== "ok") return `health is ${health.status}: ${JSON.stringify(health.reasons)}`;
  const { slots } = (await (await fetch(`${url}/api/v1/slots?limit=10`)).json()) as { slots: { status: string }[] };
  if (!slots.some(({ status }) => status === "proposed")) return "no slot has a block yet";
  const page = await (await fetch(url)).text();
  return page.includes("<script") ? "" : "the page has no script";
}
