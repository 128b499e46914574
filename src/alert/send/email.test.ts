import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { deliveryOf, lateBlock, NIGHT_MS } from "../../../test/rigs/sent-alerts.ts";
import { SMTP_AUTHORITY, type SmtpRig, startSmtp } from "../../../test/rigs/smtp-server.ts";
import type { DeliveryRecord } from "../../events/alert-records.ts";
import { alertsSchema } from "../schema.ts";
import type { DeliveryContent } from "./delivery-content.ts";
import { openEmailAccount } from "./email-account.ts";
import { createEmailSender } from "./email-sender.ts";
import { readLink } from "./links.ts";
import type { Sender } from "./sender.ts";

const KEY = Buffer.alloc(32, 7);
const PUBLIC_URL = "https://monitor.example.org";
const running: { stop(): Promise<void> }[] = [];
let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "ethmon-email-"));
});
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function startServer(...options: Parameters<typeof startSmtp>): Promise<SmtpRig> {
  const rig = await startSmtp(...options);
  running.push(rig);
  return rig;
}

/** A sender by the account of such a section of the configuration. */
async function sender(
  port: number,
  settings: Record<string, unknown> = {},
  more: { unsubscribed?: (entry: { address: string; rule: string }) => boolean; publicUrl?: string | undefined } = {},
): Promise<Sender> {
  const { email } = alertsSchema.parse({
    email: {
      host: "localhost",
      port,
      from: "Ethereum Monitor <ethmon@example.org>",
      to: ["ops@example.org"],
      authority: SMTP_AUTHORITY,
      timeout_seconds: 5,
      ...settings,
    },
  });
  if (email === undefined) throw new Error("no account");
  const account = await openEmailAccount(email);
  // Before its server.
  running.unshift({ stop: async () => account.close() });
  return createEmailSender({
    account,
    publicUrl: "publicUrl" in more ? more.publicUrl : PUBLIC_URL,
    linkKey: KEY,
    unsubscribed: { has: more.unsubscribed ?? (() => false) },
    open: ({ action }) => action,
  });
}

function send(by: Sender, delivery: DeliveryRecord, changes: { nowMs?: number; insteadOf?: string } = {}) {
  const content = delivery.content as DeliveryContent;
  const { signal } = new AbortController();
  return by.send({ delivery, content, nowMs: NIGHT_MS + 500, signal, ...changes });
}

const placeDown = (words: RegExp, stubborn = false) => ({
  code: "delivery_unreachable",
  retry: "retryable",
  message: expect.stringMatching(words),
  details: expect.objectContaining(stubborn ? { stubborn: true } : {}),
});

describe("a mail of an alert", () => {
  test("has text, HTML and picture, its own time, and links signed for who gets it", async () => {
    const server = await startServer();
    const points = Array.from({ length: 20 }, (_, at) => [NIGHT_MS + at * 1000, at] as const);
    const metric = { title: "Arrival", unit: "ms", points, threshold: 10, marks: [NIGHT_MS + 11_000] };
    await send(await sender(server.port), deliveryOf({ content: { metric } }));
    const [received] = server.mails;
    const mail = received?.mail;
    expect(received).toMatchObject({ from: "ethmon@example.org", to: ["ops@example.org"], isEncrypted: true });
    expect(mail).toMatchObject({
      subject: "[high] The block of slot 12345678 came 6.2 s late",
      from: { name: "Ethereum Monitor", address: "ethmon@example.org" },
      to: [{ address: "ops@example.org" }],
      text: expect.stringContaining("Check first: Whether its relay"),
      html: expect.stringContaining('<img src="cid:metric@example.org"'),
      attachments: [{ mimeType: "image/png", contentId: "<metric@example.org>", disposition: "inline" }],
    });
    expect(Date.parse(mail?.date ?? "")).toBe(NIGHT_MS);
    const header = (name: string) => mail?.headers.find(({ key }) => key === name)?.value;
    expect(header("auto-submitted")).toBe("auto-generated");
    expect(header("list-id")).toBe("<late-block.ethmon.example.org>");
    expect(header("list-unsubscribe-post")).toBe("List-Unsubscribe=One-Click");
    const links = [header("list-unsubscribe"), /Acknowledge: (\S+)/.exec(mail?.text ?? "")?.[1]].map((link) => {
      const token = new URL((link ?? "").replace(/^<|>$/g, "")).searchParams.get("token") ?? "";
      return readLink({ key: KEY, token, nowMs: NIGHT_MS });
    });
    expect(links).toEqual([
      { kind: "unsubscribe", address: "ops@example.org", rule: "late-block" },
      { kind: "acknowledge", alert: lateBlock().id, by: "ops@example.org" },
    ]);
  });

  test("and those that follow are one thread, whatever is said between them", async () => {
    const server = await startServer();
    const by = await sender(server.port);
    const over = lateBlock({ state: "over", until_ms: NIGHT_MS + 60_000 });
    await send(by, deliveryOf());
    await send(by, deliveryOf({ number: 1, stage: "worse" }));
    await send(by, deliveryOf({ number: 2, stage: "over", told: over }));
    await send(by, deliveryOf({ told: lateBlock({ id: "late-block/other/1" }) }));
    const [first, second, third, other] = server.mails.map(({ mail }) => mail);
    expect(first?.messageId).toMatch(/^<ethmon\.[0-9a-f]{32}@example\.org>$/);
    expect(first?.inReplyTo).toBeUndefined();
    for (const later of [second, third]) {
      expect(later).toMatchObject({ inReplyTo: first?.messageId, references: first?.messageId });
    }
    expect(other?.inReplyTo).toBeUndefined();
    expect(new Set(server.mails.map(({ mail }) => mail.messageId)).size).toBe(4);
    expect(third?.text).not.toContain("Acknowledge");
  });

  test("is the same mail when it is sent once more", async () => {
    const server = await startServer();
    const by = await sender(server.port);
    await send(by, deliveryOf());
    await send(by, deliveryOf(), { nowMs: NIGHT_MS + 600_000 });
    const [first, again] = server.mails.map(({ mail }) => mail);
    expect(again?.messageId).toBe(first?.messageId);
    expect(again?.date).toBe(first?.date);
    expect(again?.text).toContain("delivered 10 min late");
  });

  test("without an address of the pages it has no links at all", async () => {
    const server = await startServer();
    await send(await sender(server.port, {}, { publicUrl: undefined }), deliveryOf());
    expect(server.mails[0]?.raw).not.toMatch(/https?:|List-Unsubscribe/);
  });
});

describe("a mail of a watch's own words", () => {
  const own = (action: DeliveryContent["action"]) => deliveryOf({ told: null, content: { action } });

  test("goes to whom it names, with HTML that only formats", async () => {
    const server = await startServer();
    const action = {
      to: ["A <a@example.org>", "b@example.org"],
      cc: "c@example.org",
      bcc: ["d@example.org", "A@example.org"],
      reply_to: ["ops@example.org"],
      subject: "Slot 7",
      priority: "HIGH",
      body: {
        html: '<h1>Slot 7</h1><script>x()</script><p>late &amp; missed</p><img src="https://evil.example/p.png">',
      },
    };
    await send(await sender(server.port), own(action));
    expect(server.mails.map(({ to }) => to).toSorted()).toEqual([
      ["A@example.org"],
      ["b@example.org"],
      ["c@example.org"],
      ["d@example.org"],
    ]);
    for (const { raw, mail } of server.mails) {
      expect(raw).not.toContain("d@example.org");
      expect(mail.html).toContain("<h1>Slot 7</h1>&lt;script&gt;x()&lt;/script&gt;<p>late &amp; missed</p><img>");
      expect(mail.text).toMatch(/^Slot 7\s+late & missed/);
      expect(mail.replyTo).toMatchObject([{ address: "ops@example.org" }]);
      expect(raw).toMatch(/^X-Priority: 1/m);
    }
  });

  test("cannot smuggle a header, a recipient or a command into it", async () => {
    const server = await startServer();
    const by = await sender(server.port);
    await send(by, own({ subject: "hi\r\nBcc: all@example.org\r\n\r\nbody", body: "line\r\n.\r\nQUIT\r\n" }));
    const [{ mail, to } = { mail: undefined, to: undefined }] = server.mails;
    expect(to).toEqual(["ops@example.org"]);
    expect(mail?.subject).toBe("hi Bcc: all@example.org body");
    expect(mail?.bcc ?? []).toEqual([]);
    expect(mail?.text).toContain("line\n.\nQUIT");
    for (const address of ["a@x.org>\r\nRCPT TO:<b@y.org", "nobody", "a@x.org, b@y.org;c", "<>", "a b@x.org"]) {
      await expect(send(by, own({ to: [address], subject: "x" }))).rejects.toMatchObject({ code: "delivery_refused" });
    }
    expect(server.asked).toEqual(["ops@example.org"]);
  });

  test("that is no mail is refused for good", async () => {
    const by = await sender(1);
    await expect(send(by, own({ to: { a: 1 } }))).rejects.toMatchObject({ code: "delivery_refused", retry: "final" });
  });
});

test("who unsubscribed from a rule gets none of it, and a message for nobody is unwanted", async () => {
  const server = await startServer();
  const left = new Set(["late-block ops@example.org"]);
  const unsubscribed = ({ address, rule }: { address: string; rule: string }) => left.has(`${rule} ${address}`);
  const by = await sender(server.port, {}, { unsubscribed });
  expect(await send(by, deliveryOf())).toMatchObject({ unwanted: true });
  await send(by, deliveryOf({ content: { action: { to: ["ops@example.org", "b@example.org"] } } }));
  await send(by, deliveryOf({ told: lateBlock({ rule: "reorg" }) }));
  expect(server.asked).toEqual(["b@example.org", "ops@example.org"]);
});

describe("the connection", () => {
  test("STARTTLS and a login", async () => {
    const server = await startServer({ login: { user: "ethmon", password: "geheim" } });
    await writeFile(join(directory, "password"), "geheim\n");
    await send(await sender(server.port, { user: "ethmon", password: "geheim" }), deliveryOf());
    await send(await sender(server.port, { user: "ethmon", password_file: join(directory, "password") }), deliveryOf());
    expect(server.mails).toMatchObject([{ user: "ethmon", isEncrypted: true }, { user: "ethmon" }]);
  });

  test("a wrong password stops all mails until it is mended, and is never told", async () => {
    const server = await startServer({ login: { user: "ethmon", password: "geheim" } });
    const by = await sender(server.port, { user: "ethmon", password: "falsch" });
    const failed = await send(by, deliveryOf()).catch((error: unknown) => error);
    expect(failed).toMatchObject(placeDown(/login was refused.*535 5\.7\.8 Authentication credentials invalid/, true));
    expect(JSON.stringify(failed)).not.toContain("falsch");
  });

  test("TLS from the first byte, by an authority that is known", async () => {
    const server = await startServer({ secure: true });
    await send(await sender(server.port, { security: "tls" }), deliveryOf());
    expect(server.mails).toMatchObject([{ isEncrypted: true }]);
  });

  test.each([
    ["tls", true],
    ["starttls", false],
  ])("with %s a certificate of nobody known is refused, unless that is wished", async (security, secure) => {
    const server = await startServer({ secure });
    const unknown = { security, authority: undefined };
    const refusal = placeDown(/could not be trusted: .*certificate/, true);
    await expect(send(await sender(server.port, unknown), deliveryOf())).rejects.toMatchObject(refusal);
    await send(await sender(server.port, { ...unknown, reject_unauthorized: false }), deliveryOf());
    expect(server.mails).toHaveLength(1);
  });

  test("a server without STARTTLS gets nothing, unless encryption is left to it", async () => {
    const server = await startServer({ hideSTARTTLS: true, disabledCommands: ["STARTTLS"] });
    await expect(send(await sender(server.port), deliveryOf())).rejects.toMatchObject(placeDown(/TLS/, true));
    await send(await sender(server.port, { security: "opportunistic" }), deliveryOf());
    expect(server.mails).toMatchObject([{ isEncrypted: false }]);
  });

  test("a server that hangs, or says half a word, is given up in time", async () => {
    const server = await startServer();
    server.hang = true;
    const by = await sender(server.port, { timeout_seconds: 0.2 });
    await expect(send(by, deliveryOf())).rejects.toMatchObject(placeDown(/did not answer in time/));
    const dripping = createServer((socket) => {
      const drip = setInterval(() => socket.write("2"), 50);
      socket.on("close", () => clearInterval(drip)).on("error", () => undefined);
    });
    await new Promise<void>((resolve) => dripping.listen(0, "127.0.0.1", resolve));
    running.push({ stop: () => new Promise((resolve) => dripping.close(() => resolve())) });
    const address = dripping.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const late = await sender(port, { timeout_seconds: 0.2, host: "127.0.0.1" });
    await expect(send(late, deliveryOf())).rejects.toMatchObject(placeDown(/in time|took no mail within/));
  });

  test("where nothing listens, nothing gets through", async () => {
    const server = await startSmtp();
    await server.stop();
    const by = await sender(server.port);
    await expect(send(by, deliveryOf())).rejects.toMatchObject(placeDown(/could not be reached: .*ECONNREFUSED/));
  });

  test("mails of a burst share a connection, and a server that was restarted meanwhile gets the next one", async () => {
    const server = await startServer();
    const by = await sender(server.port);
    const ports = () => new Set(server.mails.map(({ clientPort }) => clientPort));
    for (const number of [0, 1, 2]) await send(by, deliveryOf({ number }));
    expect(ports().size).toBe(1);
    await server.stop();
    const again = await startServer({ port: server.port });
    await send(by, deliveryOf({ number: 3 }));
    expect(again.mails).toHaveLength(1);
  });

  test("a stop is no failure of the server", async () => {
    const server = await startServer();
    server.hang = true;
    const by = await sender(server.port);
    const stopping = new AbortController();
    const reason = new Error("stopped");
    const sent = by.send({
      delivery: deliveryOf(),
      content: deliveryOf().content as DeliveryContent,
      nowMs: NIGHT_MS,
      signal: stopping.signal,
    });
    stopping.abort(reason);
    await expect(sent).rejects.toBe(reason);
  });

  test("a file that cannot be read is told at the start", async () => {
    await expect(sender(1, { authority: join(directory, "none.pem") })).rejects.toMatchObject({
      code: "email_account_invalid",
      message: expect.stringContaining("none.pem"),
    });
  });
});

describe("a server that refuses", () => {
  test.each([
    [550, "5.1.1 No such user", "delivery_refused", "final"],
    [451, "4.7.1 Greylisted, try again in 5 minutes", "delivery_deferred", "retryable"],
    [421, "4.3.2 Shutting down", "delivery_unreachable", "retryable"],
  ])("a recipient with %i", async (code, words, fault, retry) => {
    const server = await startServer();
    server.refuse = () => [code, words];
    const sent = send(await sender(server.port), deliveryOf());
    await expect(sent).rejects.toMatchObject({ code: fault, retry, message: expect.stringContaining(words) });
  });

  test.each([
    [554, "5.7.1 Message looks like spam", "delivery_refused"],
    [452, "4.3.1 Insufficient storage", "delivery_deferred"],
  ])("a message with %i", async (code, words, fault) => {
    const server = await startServer();
    server.refuseData = () => [code, words];
    await expect(send(await sender(server.port), deliveryOf())).rejects.toMatchObject({ code: fault });
  });

  test("some recipients: the others have it, and only those it put off are asked again", async () => {
    const server = await startServer();
    server.refuse = (address, times) => {
      if (address === "gone@example.org") return [550, "5.1.1 No such user"];
      return address === "grey@example.org" && times === 1 ? [451, "4.7.1 Greylisted"] : undefined;
    };
    const by = await sender(server.port, { to: ["gone@example.org", "grey@example.org", "ok@example.org"] });
    const first = await send(by, deliveryOf()).catch((error: unknown) => error);
    expect(first).toMatchObject({
      code: "delivery_deferred",
      details: { deliveredTo: ["ok@example.org"], refusedBy: ["gone@example.org"] },
    });
    const done = { delivered_to: ["ok@example.org"], refused_by: ["gone@example.org"] };
    expect(await send(by, deliveryOf({ content: done }))).toEqual({ note: "1 of 3 recipients refused it." });
    expect(server.asked).toEqual(["gone@example.org", "grey@example.org", "ok@example.org", "grey@example.org"]);
    expect(server.mails.map(({ to }) => to)).toEqual([["ok@example.org"], ["grey@example.org"]]);
  });
});
