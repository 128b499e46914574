import { execFile, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deployed } from "./read-files.ts";

const run = promisify(execFile);
const isThere = spawnSync("systemd-analyze", ["--version"]).status === 0;
/** As the packages of either engine have them, as far as a drop-in can contradict them. */
const PACKAGED = "[Service]\nType=exec\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n";
const monitorUnit = () => deployed("systemd/ethmon.service").replace(/^(ExecStart=)\S+/m, `$1${process.execPath}`);

describe.skipIf(!isThere)("systemd-analyze verify", () => {
  let directory = "";
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "ethmon-units-"));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  /** What it says of a unit with a drop-in, as far as that is of our files. */
  async function verdict(input: { unit: string; text: string; dropIn?: string | undefined }): Promise<string[]> {
    const { unit, text, dropIn } = input;
    const below = await mkdtemp(join(directory, "unit-"));
    const file = join(below, unit);
    await writeFile(file, text);
    if (dropIn !== undefined) {
      await mkdir(`${file}.d`);
      await writeFile(join(`${file}.d`, "ethmon.conf"), dropIn);
    }
    const { stderr } = await run("systemd-analyze", ["verify", "--man=no", file]).catch(
      (error: { stderr?: string }) => ({ stderr: error.stderr ?? String(error) }),
    );
    return stderr.split("\n").filter((line) => line.includes(unit) || line.includes(below));
  }

  it.each([
    ["ethmon.service", undefined],
    ["ethmon.service", "apart/systemd/ethmon.conf"],
    ["opensearch.service", "apart/systemd/opensearch.conf"],
    ["elasticsearch.service", "apart/systemd/elasticsearch.conf"],
    ["metricbeat.service", "systemd/beat.conf"],
  ])("finds nothing wrong with %s and %s", async (unit, path) => {
    const text = unit === "ethmon.service" ? monitorUnit() : PACKAGED;
    expect(await verdict({ unit, text, dropIn: path === undefined ? undefined : deployed(path) })).toEqual([]);
  });

  it("would find an option that there is not", async () => {
    const dropIn = "[Service]\nLimitMemoryLock=infinity\n";
    expect(await verdict({ unit: "opensearch.service", text: PACKAGED, dropIn })).toHaveLength(1);
  });
});
