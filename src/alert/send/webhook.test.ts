import { createServer } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { type HttpReceiver, startReceiver } from "../../../test/rigs/http-receiver.ts";
import { deliveryOf, lateBlock, NIGHT_MS } from "../../../test/rigs/sent-alerts.ts";
import type { JsonObject } from "../../events/foreign.ts";
import type { DeliveryContent } from "./delivery-content.ts";
import type { Sender } from "./sender.ts";
import { createSlackSender } from "./slack-sender.ts";
import { createWebhookSender } from "./webhook-sender.ts";

const running: HttpReceiver[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
});
async function receiver(): Promise<HttpReceiver> {
  const started = await startReceiver();
  running.push(started);
  return started;
}

const webhook = createWebhookSender({ open: ({ action }) => action, isForPeople: () => false });

function send(by: Sender, action: JsonObject, changes: Partial<DeliveryContent> & { id?: string } = {}) {
  const { id = "a/b/0", ...content } = changes;
  const delivery = deliveryOf({ told: null, id, content: { action, ...content } });
  const { signal } = new AbortController();
  return by.send({ delivery, content: delivery.content as DeliveryContent, nowMs: NIGHT_MS, signal });
}

describe("a webhook", () => {
  test("is sent as Watcher sends it: address in parts, parameters, headers, login and body", async () => {
    const server = await receiver();
    await send(webhook, {
      scheme: "http",
      host: "127.0.0.1",
      port: server.port,
      path: "/hook/ä?x=1",
      method: "post",
      params: { slot: "7", text: "a b&c" },
      headers: { "X-Own": "1" },
      auth: { basic: { username: "u", password: "p:w" } },
      body: '{"slot":7}',
    });
    expect(server.requests).toMatchObject([
      {
        method: "POST",
        path: "/hook/%C3%A4?x=1&slot=7&text=a+b%26c",
        body: '{"slot":7}',
        headers: {
          "x-own": "1",
          "content-type": "application/json",
          authorization: `Basic ${Buffer.from("u:p:w").toString("base64")}`,
          "idempotency-key": "a/b/0",
          "ethmon-decided-at": "2026-11-28T03:12:11.000Z",
          "user-agent": "ethmon",
        },
      },
    ]);
  });

  test("by url, with its own type of content, and an id that is no header as it stands", async () => {
    const server = await receiver();
    const action = {
      url: `${server.url}/x?y=1`,
      method: "put",
      headers: { "Content-Type": "text/markdown" },
      body: "*x*",
    };
    await send(webhook, action, { id: "wächter/email/0 1" });
    await send(webhook, { url: `${server.url}/get` });
    expect(server.requests).toMatchObject([
      {
        method: "PUT",
        path: "/x?y=1",
        headers: { "content-type": "text/markdown", "idempotency-key": "w%C3%A4chter%2Femail%2F0%201" },
      },
      { method: "GET", path: "/get", body: "" },
    ]);
  });

  test.each([
    [429, { "retry-after": "7" }, "delivery_unreachable", 7_000],
    [503, { "retry-after": new Date(NIGHT_MS + 90_000).toUTCString() }, "delivery_unreachable", 90_000],
    [429, { "retry-after": "999999" }, "delivery_unreachable", 3_600_000],
    [500, {}, "delivery_deferred", undefined],
    [408, {}, "delivery_deferred", undefined],
    [404, {}, "delivery_refused", undefined],
    [401, {}, "delivery_refused", undefined],
  ])("answered with %i %j is %s", async (status, headers, code, retryAfterMs) => {
    const server = await receiver();
    server.answer = () => ({ status, headers: headers as Record<string, string>, body: "<b>no</b>\nthanks" });
    const error = await send(webhook, { url: `${server.url}/token-abc`, method: "post", body: "x" }).catch(
      (one) => one,
    );
    expect(error).toMatchObject({
      code,
      retry: code === "delivery_refused" ? "final" : "retryable",
      message: `${server.url} answered with status ${status}: no thanks.`,
    });
    expect(error.details.retryAfterMs).toBe(retryAfterMs);
    expect(server.requests).toHaveLength(1);
  });

  test("that is redirected is not sent elsewhere", async () => {
    const [server, other] = [await receiver(), await receiver()];
    server.answer = () => ({ status: 307, headers: { location: `${other.url}/stolen` } });
    await expect(send(webhook, { url: server.url, method: "post", body: "x" })).rejects.toMatchObject({
      code: "delivery_refused",
      message: expect.stringContaining("redirects are not followed"),
    });
    expect(other.requests).toEqual([]);
  });

  test("that is not answered is given up in time", async () => {
    const server = await receiver();
    server.answer = () => ({ status: 0 });
    const action = { url: server.url, connection_timeout_in_millis: 50, read_timeout_in_millis: 100 };
    await expect(send(webhook, action)).rejects.toMatchObject({
      code: "delivery_unreachable",
      message: `${server.url} did not answer within 0.15 s.`,
    });
  });

  test("an answer without an end holds nobody up", async () => {
    const server = await receiver();
    server.answer = () => ({ status: 400, body: "x".repeat(5_000_000) });
    const error = await send(webhook, { url: server.url }).catch((one) => one);
    expect(error.message.length).toBeLessThan(300);
  });

  test("where nothing listens, or nothing that speaks HTTP, nothing gets through", async () => {
    const server = await startReceiver();
    await server.stop();
    await expect(send(webhook, { url: server.url })).rejects.toMatchObject({
      code: "delivery_unreachable",
      message: `${server.url} could not be reached (ECONNREFUSED).`,
    });
    const strange = createServer((socket) => socket.end("hello\r\n"));
    await new Promise<void>((resolve) => strange.listen(0, "127.0.0.1", resolve));
    const { port } = strange.address() as { port: number };
    await expect(send(webhook, { url: `http://127.0.0.1:${port}` })).rejects.toMatchObject({
      code: "delivery_unreachable",
    });
    strange.close();
  });

  test.each([
    [{ method: "post" }, "its address is none"],
    [{ url: "not a url" }, "its address is none"],
    [{ url: "file:///etc/passwd" }, "must begin with http"],
    [{ url: "http://x.example/", method: "brew" }, "method"],
    [{ url: "http://x.example/", method: "get", body: "x" }, "GET has no body"],
    [{ url: "http://x.example/", headers: { "x\r\ny": "1" } }, "cannot be made"],
    [{ url: "http://x.example/", headers: { x: "1\r\nHost: y" } }, "cannot be made"],
    [{ url: "https://user:geheim@x.example/" }, "may hold no user and password, use auth"],
    [{ url: "http://x.example/", headers: { authorization: "geheim\nx" } }, "one of its headers is none"],
    [{ url: "http://127.0.0.1:25/", method: "post", body: "x" }, "bad port"],
  ])("as %j is refused for good", async (action, words) => {
    const error = await send(webhook, action).catch((one) => one);
    expect(error).toMatchObject({ code: "delivery_refused", message: expect.stringContaining(words) });
    expect(error.message).not.toContain("geheim");
  });

  test("is known by its server alone: what stands in its path is nobody's business", () => {
    const place = (action: JsonObject) => webhook.place({ action });
    expect(place({ url: "https://user:pw@discord.com/api/webhooks/1/token" })).toBe("https://discord.com");
    expect(place({ host: "::1", port: 81, path: "/x" })).toBe("http://[::1]:81");
    expect(place({ url: "?" })).toBe("webhook");
  });
});

describe("a message for Slack", () => {
  const slack = (url: string | undefined) =>
    createSlackSender({ url, publicUrl: "https://monitor.example.org", open: ({ action }) => action });

  test("is Watcher's own where it has words, a request a room", async () => {
    const server = await receiver();
    const attachments = [{ color: "danger", title: "Slot 7", fields: [{ title: "a", value: "b", short: true }] }];
    const message = { from: "ethmon", to: ["#ops", "@me"], text: "Slot 7", icon: ":bell:", attachments };
    await send(slack(server.url), { message });
    expect(server.requests.map(({ body }) => JSON.parse(body))).toEqual([
      { channel: "#ops", username: "ethmon", icon_emoji: ":bell:", text: "Slot 7", attachments },
      { channel: "@me", username: "ethmon", icon_emoji: ":bell:", text: "Slot 7", attachments },
    ]);
    expect(server.requests.map(({ headers }) => headers["idempotency-key"])).toEqual(["a/b/0/#ops", "a/b/0/@me"]);
  });

  test("is the alert where it has none, and what strangers wrote calls nobody", async () => {
    const server = await receiver();
    const alert = lateBlock({ title: "late <!channel> & <https://evil.example|link>" });
    await send(slack(undefined), { url: server.url }, { alert });
    const { text } = JSON.parse(server.requests[0]?.body ?? "");
    expect(text).toContain("HIGH: late &lt;!channel&gt; &amp; &lt;https://evil.example|link&gt;");
    expect(text).toContain("\n<https://monitor.example.org/slots/12345678|Page>");
  });

  test("that is longer than Slack takes is cut", async () => {
    const server = await receiver();
    const many = Array.from({ length: 150 }, (_, at) => ({ text: String(at) }));
    await send(slack(server.url), { message: { text: "x".repeat(50_000), attachments: many } });
    const { text, attachments } = JSON.parse(server.requests[0]?.body ?? "");
    expect(text).toHaveLength(39_000);
    expect(attachments).toHaveLength(100);
  });

  test("whose address is none is refused without telling it", async () => {
    for (const url of ["nowhere/geheim", "https://user:geheim@hooks.example/"]) {
      await expect(send(slack(url), { message: { text: "x" } })).rejects.toMatchObject({
        code: "delivery_refused",
        message: "The request to slack cannot be made: its address or one of its headers is none.",
      });
    }
  });

  test("needs an address", () => {
    expect(slack(undefined).configured({ action: {} })).toBe(false);
    expect(slack("https://hooks.slack.com/x").configured({ action: {} })).toBe(true);
  });
});
