import { writeSync } from "node:fs";
import { systemClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import { testDatasets } from "../contract-data.ts";
import { createEmbeddedStore } from "./embedded-store.ts";
import { KINDS, ofKinds } from "./gather-rig.ts";
import { put } from "./wide-rig.ts";

/**
 * A process for `gather-kill.test.ts`: appends numbered documents of several kinds and has them put side by side in
 * turn, until it is killed. Standard output tells, unbuffered, the database's process (`p PID`), that documents are being
 * written anew (`g`), and up to which number they were acknowledged and loaded (`a NUMBER`).
 */
const [directory = "", from = "0"] = process.argv.slice(2);
const DOCUMENTS = 8_000;
const store = await createEmbeddedStore({
  directory,
  network: "testnet",
  datasets: testDatasets,
  clock: systemClock(),
  log: silentLog,
  commitEveryMs: 1,
});
writeSync(1, `p ${store.databasePid()}\n`);
for (let first = Number(from); ; first += DOCUMENTS) {
  await put(store, KINDS, ofKinds(Array.from({ length: DOCUMENTS }, (_, i) => first + i)));
  writeSync(1, `a ${first + DOCUMENTS}\n`);
  // The database's process may be killed alone.
  await store.retain().catch(() => undefined);
  writeSync(1, "g\n");
  await store.retain().catch(() => undefined);
}
