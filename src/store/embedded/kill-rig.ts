import { writeSync } from "node:fs";
import { systemClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import { event, testDatasets, thing } from "../contract-data.ts";
import { createEmbeddedStore } from "./embedded-store.ts";

/**
 * A process for `kill.test.ts`: appends numbered documents as fast as it can until it is killed. Standard output tells,
 * unbuffered, the database's process (`p PID`) and which numbers were acknowledged (`a FROM TO`).
 */
const [directory = "", from = "1"] = process.argv.slice(2);
const store = await createEmbeddedStore({
  directory,
  network: "testnet",
  datasets: testDatasets,
  clock: systemClock(),
  log: silentLog,
  commitEveryMs: 5,
  segmentBytes: 64 * 1024,
});
writeSync(1, `p ${store.databasePid()}\n`);
for (let first = Number(from); ; first += 30) {
  const batches = [0, 10, 20].map(async (offset) => {
    const numbers = Array.from({ length: 10 }, (_, i) => first + offset + i);
    const key = String(numbers[0]).at(-2) ?? "0";
    await store.append([
      ...numbers.map((number) => event(number)),
      thing(`key-${key}`, { "test.number": numbers[0] ?? 0 }),
    ]);
    writeSync(1, `a ${numbers[0]} ${numbers.at(-1)}\n`);
  });
  await Promise.all(batches);
}
