import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readShippedPipelines } from "./client-logs/shipped-pipelines.ts";
import { openPipelineBook } from "./pipeline-book.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ethmon-pipelines-"));
});
afterEach(() => rm(directory, { recursive: true }));

const set = (value: string) => ({ processors: [{ set: { field: "by", value } }] });
const shipped = new Map([["shipped", set("us")]]);
const open = () => openPipelineBook({ dataDirectory: directory, shipped, nowUs: () => 1_764_000_000_000_000 });
const by = ({ pipelines }: Awaited<ReturnType<typeof open>>, name: string) => {
  const result = pipelines.run({ source: {}, meta: { _index: "i" } }, [name]);
  return result.kind === "document" ? result.source["by"] : result.kind;
};

describe("the book of pipelines", () => {
  it("keeps what was put, in place of what is shipped, and what was deleted stays away", async () => {
    const book = await open();
    expect([...book.all().keys()]).toEqual(["shipped"]);
    await book.put("own", set("me"));
    await book.put("shipped", set("me too"));
    expect(by(book, "shipped")).toBe("me too");
    const again = await open();
    expect(by(again, "own")).toBe("me");
    expect(by(again, "shipped")).toBe("me too");
    await again.delete("own");
    await again.delete("shipped");
    const last = await open();
    expect([...last.all().keys()]).toEqual([]);
    await last.put("shipped", set("back"));
    expect(by(await open(), "shipped")).toBe("back");
  });

  it("refuses what cannot be compiled, and then keeps what was there", async () => {
    const book = await open();
    await book.put("own", set("me"));
    await expect(book.put("own", { processors: [{ wat: {} }] })).rejects.toMatchObject({
      code: "pipeline_invalid",
      details: { status: 400, error: { type: "parse_exception", processor_type: "wat" } },
    });
    expect(by(book, "own")).toBe("me");
    expect(by(await open(), "own")).toBe("me");
  });

  it("takes a change back that could not be kept", async () => {
    const book = await open();
    await book.put("own", set("me"));
    await rm(directory, { recursive: true });
    await writeFile(directory, "in the way");
    await expect(book.put("own", set("you"))).rejects.toThrow();
    await expect(book.delete("shipped")).rejects.toThrow();
    expect(by(book, "own")).toBe("me");
    expect(by(book, "shipped")).toBe("us");
  });

  it("tries pipelines out, telling dropped documents as null", async () => {
    const book = await open();
    const pipeline = { processors: [{ drop: { if: "ctx.a == 1" } }, { set: { field: "b", value: 2 } }] };
    const documents = [{ _source: { a: 1 } }, { _source: { a: 2 } }];
    expect(await book.simulate({ pipeline, documents, verbose: false })).toEqual([
      null,
      { doc: expect.objectContaining({ _source: { a: 2, b: 2 } }) },
    ]);
    expect(book.processors()).toContain("grok");
  });

  it("refuses a file that is not ours, and opens with all that is shipped", async () => {
    await writeFile(join(directory, "pipelines.json"), "{}");
    await expect(open()).rejects.toMatchObject({ code: "pipelines_unreadable" });
    await rm(join(directory, "pipelines.json"));
    const book = await openPipelineBook({ dataDirectory: directory, shipped: readShippedPipelines(), nowUs: () => 1 });
    expect(book.all().size).toBe(readShippedPipelines().size);
    await book.delete("ethmon-client-logs");
    expect(JSON.parse(await readFile(join(directory, "pipelines.json"), "utf8"))).toMatchObject({
      pipelines: {},
      deleted: ["ethmon-client-logs"],
    });
  });
});
