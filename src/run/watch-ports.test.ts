import { afterAll, beforeAll, expect, test } from "vitest";
import { type HttpReceiver, startReceiver } from "../../test/rigs/http-receiver.ts";
import { watchPorts } from "./watch-ports.ts";

const { signal } = new AbortController();
const ports = watchPorts({ search: () => Promise.reject(new Error("none")) }, signal);
let server: HttpReceiver;

beforeAll(async () => {
  server = await startReceiver();
});
afterAll(() => server.stop());

const ask = (url: string, headers: Record<string, string> = {}) =>
  ports.fetch({ method: "GET", url, headers, body: undefined, timeoutMs: 5_000 });

test("an http input is answered with status, headers and text", async () => {
  server.answer = () => ({ status: 404, headers: { "x-own": "1" }, body: "no" });
  expect(await ask(server.url)).toMatchObject({ status: 404, headers: { "x-own": "1" }, text: "no" });
});

test("a request that cannot be made tells neither its address nor its headers", async () => {
  for (const asked of [
    ask("http://user:geheim@127.0.0.1/"),
    ask("geheim"),
    ask(server.url, { authorization: "geheim\nx" }),
  ]) {
    const error = await asked.catch((one) => one);
    expect(error).toMatchObject({
      code: "http_failed",
      retry: "final",
      message: "The request cannot be made: its address or one of its headers is none.",
    });
    expect(error.cause).toBeUndefined();
  }
});

test("where nothing listens the code says so", async () => {
  const gone = await startReceiver();
  await gone.stop();
  await expect(ask(gone.url)).rejects.toMatchObject({
    code: "http_failed",
    retry: "retryable",
    message: "The request failed (ECONNREFUSED).",
  });
});

test("an answer that is too long is no fault of the connection", async () => {
  server.answer = () => ({ status: 200, body: "x".repeat(9_000_000) });
  await expect(ask(server.url)).rejects.toMatchObject({ code: "http_too_long" });
});
