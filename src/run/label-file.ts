import { open } from "node:fs/promises";
import { parseValidatorLabels, type ValidatorLabels } from "../chain/validator-labels.ts";
import { Fault } from "../lib/fault.ts";

/** As many lines as there may be validators, with long names. */
const MAX_BYTES = 32 * 1024 * 1024;

/** Reads a label file. Throws `labels_missing`, or `labels_invalid` with the line. */
export async function readLabelFile(path: string): Promise<ValidatorLabels> {
  return parseValidatorLabels(await textOf(path), path);
}

async function textOf(path: string): Promise<string> {
  try {
    await using file = await open(path);
    const { size } = await file.stat();
    if (size > MAX_BYTES) {
      throw new Fault(
        "labels_invalid",
        `${path} is larger than ${MAX_BYTES / 2 ** 20} MiB: it cannot be a label file.`,
      );
    }
    return await file.readFile("utf8");
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new Fault("labels_missing", `The label file ${path} cannot be read.`, { cause });
  }
}
