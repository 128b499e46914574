import { expect, test } from "vitest";
import { nameNodes, parseNodeUrl, redactUrl } from "./node-url.ts";

test("user, password, path and query of an address are hidden", () => {
  expect(redactUrl("https://user:hunter22@node.example:5052/v2/KEY1234/?apikey=SECRET99")).toBe(
    "https://***@node.example:5052/***?***",
  );
  expect(redactUrl("http://127.0.0.1:5052/")).toBe("http://127.0.0.1:5052");
  expect(redactUrl("no address at all")).toBe("***");
});

test("a base path and a query of the address go with every request", () => {
  const url = parseNodeUrl("https://node.example/v2/KEY1234/?apikey=SECRET99");
  expect(url.target("/eth/v1/node/version")).toBe("/v2/KEY1234/eth/v1/node/version?apikey=SECRET99");
  expect(url.target("/eth/v1/events?topics=head")).toBe("/v2/KEY1234/eth/v1/events?topics=head&apikey=SECRET99");
  expect(url.port).toBe(443);
});

test("user and password become a basic authorization header, decoded", () => {
  const url = parseNodeUrl("http://me:p%40ss%3Aword@[::1]:5052");
  expect(url.headers).toEqual({ authorization: `Basic ${Buffer.from("me:p@ss:word").toString("base64")}` });
  expect(url.hostname).toBe("::1");
  expect(url.port).toBe(5052);
  expect(parseNodeUrl("http://127.0.0.1:5052").headers).toEqual({});
});

test("credentials are scrubbed from foreign text, whichever part of the address they stood in", () => {
  const url = parseNodeUrl("https://user:hunter22@node.example/v2/KEY1234?apikey=SECRET99");
  expect(url.scrub("Cannot GET /v2/KEY1234/eth?apikey=SECRET99 for hunter22")).toBe(
    "Cannot GET /v2/***/eth?*** for ***",
  );
});

test("what is no HTTP address is refused without being shown", () => {
  for (const text of ["ftp://user:hunter22@host", "hunter22", "http://", "localhost:5052"]) {
    expect(() => parseNodeUrl(text)).toThrow(expect.objectContaining({ code: "node_url_invalid" }));
    expect(() => parseNodeUrl(text)).not.toThrow(/hunter22/);
  }
});

test("nodes without a name are named by their host, then port, then number", () => {
  const names = nameNodes([
    { url: "http://a.example:5052" },
    { url: "http://127.0.0.1:5052" },
    { url: "http://127.0.0.1:5053" },
    { url: "http://127.0.0.1:5053/other" },
    { name: "mine", url: "http://127.0.0.1:9" },
  ]).map((node) => node.name);
  expect(names).toEqual(["a.example", "127.0.0.1:5052", "127.0.0.1:5053", "127.0.0.1:5053-2", "mine"]);
});

test("two nodes of one given name are refused", () => {
  const twice = [
    { name: "a", url: "http://h:1" },
    { name: "a", url: "http://h:2" },
  ];
  expect(() => nameNodes(twice)).toThrow(expect.objectContaining({ code: "node_name_taken" }));
});
