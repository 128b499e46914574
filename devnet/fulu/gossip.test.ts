import { afterEach, beforeEach, expect, test } from "vitest";
import { silentLog } from "../../src/lib/log.ts";
import { until } from "../../test/rigs/until.ts";
import { openDelayLink } from "../delay-link.ts";
import { freePorts } from "../ports.ts";
import { type Gossip, startGossip } from "./gossip.ts";

type Peer = { gossip: Gossip; heard: string[]; met: string[] };

let stop: AbortController;
let link: Awaited<ReturnType<typeof openDelayLink>>;
/** a dials b, b dials c: what a says reaches c by way of b alone. */
let a: Peer;
let b: Peer;
let c: Peer;

function start(name: string, port: number, dials: { name: string; port: number }[]): Peer {
  const heard: string[] = [];
  const met: string[] = [];
  const gossip = startGossip({
    name,
    port,
    dials,
    log: silentLog,
    signal: stop.signal,
    handlers: {
      async onGossip({ kind, data, from }) {
        heard.push(`${kind} ${data} from ${from}`);
        return data !== "unsound";
      },
      onPeer: (peer, headRoot) => met.push(`${peer} at ${headRoot}`),
      headRoot: () => `head of ${name}`,
      block: (root) => (root === "known" ? `block of ${name}` : undefined),
    },
  });
  return { gossip, heard, met };
}

beforeEach(async () => {
  stop = new AbortController();
  const [portA = 0, portB = 0, portC = 0] = await freePorts(3);
  link = await openDelayLink(portB);
  a = start("a", portA, [{ name: "b", port: link.port }]);
  b = start("b", portB, [{ name: "c", port: portC }]);
  c = start("c", portC, []);
  await until("all are connected", () => b.gossip.connected().length === 2 && c.gossip.connected().length === 1);
});
afterEach(async () => {
  stop.abort();
  await link.close();
});

test("who connects tells its name and its head", () => {
  expect(a.met).toEqual(["b at head of b"]);
  expect(b.met.toSorted()).toEqual(["a at head of a", "c at head of c"]);
});

test("what is sound goes on to the others, once", async () => {
  a.gossip.publish("block", "1");
  a.gossip.publish("block", "1");
  a.gossip.publish("block", "unsound");
  a.gossip.publish("blobs", "1");
  await until("c heard both", () => c.heard.length === 2);
  expect(b.heard).toEqual(["block 1 from a", "block unsound from a", "blobs 1 from a"]);
  expect(c.heard).toEqual(["block 1 from b", "blobs 1 from b"]);
  expect(a.heard).toEqual([]);
});

test("a message can be for some peers alone", async () => {
  b.gossip.publish("block", "for c", ["c"]);
  b.gossip.publish("block", "for all");
  await until("a and c heard it", () => a.heard.length === 1 && c.heard.length === 2);
  expect(a.heard).toEqual(["block for all from b"]);
});

test("a block can be asked for by its root", async () => {
  expect(await a.gossip.requestBlock("b", "known")).toBe("block of b");
  expect(await a.gossip.requestBlock("b", "unheard of")).toBeUndefined();
  expect(await a.gossip.requestBlock("nobody", "known")).toBeUndefined();
});

test("a connection that was cut is made again", async () => {
  link.set({ up: false });
  await until("the connection is gone", () => a.gossip.connected().length === 0 && b.gossip.connected().length === 1);
  link.set({ up: true });
  await until("the connection is back", () => a.gossip.connected().length === 1 && b.gossip.connected().length === 2);
  a.gossip.publish("block", "after");
  await until("c heard it", () => c.heard.length === 1);
});
