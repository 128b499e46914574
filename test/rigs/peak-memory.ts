import { writeFileSync } from "node:fs";

/** Preloaded into a program under test (`node --import`): writes the most memory it ever held, in bytes, at its end. */
const path = process.env["PEAK_MEMORY_FILE"];
process.on("exit", () => {
  if (path !== undefined) writeFileSync(path, String(process.resourceUsage().maxRSS * 1024));
});
