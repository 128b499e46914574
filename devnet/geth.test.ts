import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findGeth } from "./geth.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "geth-"));
});
afterEach(() => rm(directory, { recursive: true }));

async function gethThatSays(text: string): Promise<string> {
  const command = join(directory, "geth");
  await writeFile(command, `#!/bin/sh\nprintf '${text}'\n`);
  await chmod(command, 0o755);
  return command;
}

test.each(["1.16.0-stable", "1.17.3-unstable", "2.0.1"])("a geth %s can be used", async (version) => {
  const command = await gethThatSays(`Geth\\nVersion: ${version}\\nArchitecture: amd64\\n`);
  expect(findGeth({ GETH: command })).toEqual({ command, version: version.split("-", 1)[0] });
});

test.each([
  ["Geth\\nVersion: 1.15.11-stable\\n", "geth 1.15.11"],
  ["nothing of the kind", "no geth"],
])("a geth that says %j is refused where it was asked for", async (text, found) => {
  const command = await gethThatSays(text);
  expect(() => findGeth({ GETH: command })).toThrow(
    expect.objectContaining({ code: "geth_unfit", message: expect.stringContaining(found) }),
  );
});
