import { systemClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import { testDatasets } from "../contract-data.ts";
import { copyStore } from "./copy.ts";
import { openEmbeddedSide } from "./embedded-side.ts";
import { withCopyProgress } from "./progress.ts";

/** A process for `copy-kill.test.ts`: copies one directory into another and says so when it began and when it is done. */
const [from = "", to = ""] = process.argv.slice(2);
const { signal } = new AbortController();
const opening = {
  network: "testnet",
  datasets: withCopyProgress(testDatasets),
  clock: systemClock(),
  log: silentLog,
  signal,
};
const source = await openEmbeddedSide({ ...opening, directory: from });
const target = await openEmbeddedSide({ ...opening, directory: to });
process.stdout.write("begun\n");
const comparisons = await copyStore({
  from: source,
  to: target,
  datasets: testDatasets,
  votes: false,
  bounds: {},
  again: false,
  clock: systemClock(),
  signal,
});
await target.close();
await source.close();
process.stdout.write(`${JSON.stringify(comparisons)}\n`);
