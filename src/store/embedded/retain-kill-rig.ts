import { writeSync } from "node:fs";
import { silentLog } from "../../lib/log.ts";
import { DAY_US } from "../retention.ts";
import { createEmbeddedStore } from "./embedded-store.ts";
import { DEFAULT_LIMITS, dayOfNumber, keptDatasets, NOON_US, ofDay } from "./retention-rig.ts";

/**
 * A process for `retain-kill.test.ts`: appends numbered votes, some hundreds to a day of its own fast calendar, and has
 * the days that are over dropped meanwhile, until it is killed. Standard output tells, unbuffered, the database's
 * process (`p PID`), which numbers were acknowledged (`a FROM TO`), and the days that were dropped (`d COUNT`).
 */
const [directory = "", from = "1"] = process.argv.slice(2);
let today = dayOfNumber(Number(from));
const store = await createEmbeddedStore({
  directory,
  network: "testnet",
  datasets: keptDatasets,
  clock: { nowUs: () => NOON_US + today * DAY_US, monoUs: () => Math.round(performance.now() * 1000) },
  log: silentLog,
  commitEveryMs: 5,
  segmentBytes: 64 * 1024,
  retention: DEFAULT_LIMITS,
});
writeSync(1, `p ${store.databasePid()}\n`);
let retaining = false;
for (let first = Number(from); ; first += 10) {
  today = dayOfNumber(first + 9);
  const numbers = Array.from({ length: 10 }, (_, i) => first + i);
  await store.append(numbers.flatMap((number) => ofDay("test.vote", dayOfNumber(number), [number])));
  writeSync(1, `a ${first} ${first + 9}\n`);
  if (retaining) continue;
  retaining = true;
  store
    .retain()
    .then(({ droppedDays }) => writeSync(1, `d ${droppedDays}\n`))
    // The database's process may be killed alone.
    .catch(() => undefined)
    .finally(() => {
      retaining = false;
    });
}
