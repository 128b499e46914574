import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readLabelFile } from "./label-file.ts";

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ethmon-labels-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test("a label file is read, and its mistakes are told with its path", async () => {
  const path = join(directory, "labels.txt");
  await writeFile(path, "0-9 home @n1\n");
  expect((await readLabelFile(path)).groups).toEqual([{ group: "home", nodes: ["n1"], validators: 10 }]);
  await writeFile(path, "0-9 home\n9 away\n");
  await expect(readLabelFile(path)).rejects.toMatchObject({
    code: "labels_invalid",
    message: `${path}: validator 9 is labelled on line 1 and on line 2.`,
  });
});

test("a file that is not there, or is a directory, is named", async () => {
  for (const path of [join(directory, "none.txt"), directory]) {
    await expect(readLabelFile(path)).rejects.toMatchObject({
      code: "labels_missing",
      message: `The label file ${path} cannot be read.`,
    });
  }
});

test("what is far too large is not read", async () => {
  const path = join(directory, "huge.txt");
  await writeFile(path, "");
  await truncate(path, 2 ** 30);
  await expect(readLabelFile(path)).rejects.toMatchObject({ code: "labels_invalid" });
});
