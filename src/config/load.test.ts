import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { defaultDataDirectory, loadConfig, type Overrides } from "./load.ts";

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ethmon-config-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function load(input: { file?: unknown; overrides?: Overrides; env?: Record<string, string> }) {
  const { file, overrides = {}, env = {} } = input;
  if (file === undefined) return loadConfig({ overrides, env });
  const path = join(directory, "ethmon.json");
  await writeFile(path, typeof file === "string" ? file : JSON.stringify(file));
  return loadConfig({ file: path, overrides, env });
}

describe("without anything", () => {
  test("there are no nodes, and only this machine may ask", async () => {
    expect(await load({})).toMatchObject({
      nodes: [],
      host: "127.0.0.1",
      port: 8420,
      allowed_hosts: [],
      log_level: "info",
    });
  });

  test("documents live below the user's data directory", () => {
    expect(defaultDataDirectory({ XDG_DATA_HOME: "/data" })).toBe("/data/ethmon");
    expect(defaultDataDirectory({ XDG_DATA_HOME: "" })).toMatch(/\.local\/share\/ethmon$/);
    expect(defaultDataDirectory({})).toMatch(/\.local\/share\/ethmon$/);
  });
});

describe("nodes on the command line", () => {
  test.each([
    ["http://localhost:5052", { url: "http://localhost:5052" }],
    ["lighthouse=http://localhost:5052", { name: "lighthouse", url: "http://localhost:5052" }],
    ["http://host/?key=a=b", { url: "http://host/?key=a=b" }],
    ["n-1.a_b=https://user:pass@host/path", { name: "n-1.a_b", url: "https://user:pass@host/path" }],
  ])("%s is %j", async (text, node) => {
    expect((await load({ overrides: { nodes: [text] } })).nodes).toEqual([{ ...node, hosts: [] }]);
  });

  test("replace those of the file, and every option wins over it", async () => {
    const file = { nodes: [{ url: "http://a" }], port: 1, host: "::1", data_directory: "/a", log_level: "warn" };
    const overrides = { nodes: ["http://b"], port: 2, host: "127.0.0.1", data: "/b", logLevel: "error" };
    expect(await load({ file, overrides })).toMatchObject({
      nodes: [{ url: "http://b" }],
      port: 2,
      host: "127.0.0.1",
      data_directory: "/b",
      log_level: "error",
    });
    expect(await load({ file })).toMatchObject({ port: 1, host: "::1", data_directory: "/a", log_level: "warn" });
  });
});

describe("ports for others' documents", () => {
  test("stay closed until the file or the command line opens them, and keep what the file says of them", async () => {
    expect(await load({})).not.toHaveProperty("elastic");
    expect(await load({})).not.toHaveProperty("beats");
    expect((await load({ overrides: { elastic: true, beats: 0 } })).elastic?.port).toBe(9200);
    expect((await load({ overrides: { elastic: true, beats: 0 } })).beats?.port).toBe(0);
    const file = { elastic: { port: 9201, cluster_name: "mine" } };
    expect((await load({ file, overrides: { elastic: true } })).elastic).toMatchObject({
      port: 9201,
      cluster_name: "mine",
    });
    expect((await load({ file, overrides: { elastic: 9202 } })).elastic).toMatchObject({
      port: 9202,
      cluster_name: "mine",
    });
    await expect(load({ file: { beats: 7 }, overrides: { beats: true } })).rejects.toMatchObject({
      message: expect.stringContaining("beats"),
    });
  });
});

describe("validators", () => {
  test("are weighed once a day of mainnet unless told otherwise, and none are one's own", async () => {
    expect((await load({})).validators).toEqual({ set_every_epochs: 225 });
  });

  test("are labelled by the command line's file, and what the configuration says beside it stays", async () => {
    const file = { validators: { labels: "a", set_every_epochs: 0 } };
    expect((await load({ file, overrides: { labels: "b" } })).validators).toEqual({ labels: "b", set_every_epochs: 0 });
    expect((await load({ overrides: { labels: "b" } })).validators).toEqual({ labels: "b", set_every_epochs: 225 });
    await expect(load({ file: { validators: 7 }, overrides: { labels: "b" } })).rejects.toMatchObject({
      message: expect.stringContaining("validators"),
    });
  });
});

describe("credentials", () => {
  test("come from the environment into a node's URL", async () => {
    const file = { nodes: [{ url: `https://user:\${PASSWORD}@host/\${KEY}` }] };
    const { nodes } = await load({ file, env: { PASSWORD: "s3cret", KEY: "k" } });
    expect(nodes[0]?.url).toBe("https://user:s3cret@host/k");
  });

  test("that are not set are named, and nothing else of the URL is said", async () => {
    const file = { nodes: [{ url: `https://user:hunter2@host/\${KEY}` }] };
    const error: Error = await load({ file }).then(
      () => new Error("was taken"),
      (reason) => reason,
    );
    expect(error).toMatchObject({ code: "config_invalid", retry: "final" });
    expect(error.message).toContain(`\${KEY}`);
    expect(error.message).not.toContain("hunter2");
  });
});

describe("a configuration that makes no sense is refused, with the key", () => {
  test.each([
    [{ prot: 8420 }, "prot"],
    [{ port: 70_000 }, "port"],
    [{ port: "8420" }, "port"],
    [{ nodes: [{ name: "a b", url: "http://a" }] }, "nodes.0.name"],
    [{ nodes: [{ url: "" }] }, "nodes.0.url"],
    [{ nodes: [{ url: "http://a", token: "x" }] }, "token"],
    [{ retention: { votes_hours: 0 } }, "retention.votes_hours"],
    [{ retention: { raw_days: 1.5 } }, "retention.raw_days"],
    [{ retention: { disk_gb: 0.5 } }, "retention.disk_gb"],
    [{ retention: { days: 30 } }, "days"],
    [{ log_level: "loud" }, "log_level"],
    [{ validators: { set_every_epochs: -1 } }, "validators.set_every_epochs"],
    [{ validators: { labels: "" } }, "validators.labels"],
    [{ validators: { label: "a" } }, "label"],
    [{ clock: { ntp_servers: ["http://time.example"] } }, "clock.ntp_servers.0"],
    [{ clock: { ntp_server: [] } }, "ntp_server"],
    ["not JSON", "is not JSON"],
    [[1], "must hold a JSON object"],
  ])("%j: %s", async (file, named) => {
    await expect(load({ file })).rejects.toMatchObject({
      code: "config_invalid",
      message: expect.stringContaining(named),
    });
  });

  test("a file that is not there is named", async () => {
    const file = join(directory, "none.json");
    await expect(loadConfig({ file, overrides: {}, env: {} })).rejects.toMatchObject({
      code: "config_missing",
      message: expect.stringContaining("none.json"),
    });
  });
});

describe("where alerts are sent", () => {
  const email = { host: "mail.example.org", from: "Monitor <m@example.org>", to: ["ops@example.org"] };
  const hook = (url: string) => ({ name: "chat", actions: { chat: { webhook: { url, method: "post" } } } });

  test("logins come from the environment; what routes name is kept beside them", async () => {
    const file = {
      alerts: {
        public_url: "https://monitor.example.org",
        email: { ...email, user: "m", password: "${SMTP_PASSWORD}" },
        slack: { url: "https://hooks.example/${SLACK}" },
        routes: [hook("${DISCORD}")],
        fallback: "chat",
      },
    };
    const env = { SMTP_PASSWORD: "a$b", SLACK: "T/B", DISCORD: "https://discord.example/x", OTHER: "not named" };
    const { alerts } = await load({ file, env });
    expect(alerts).toMatchObject({
      email: { user: "m", password: "a$b", security: "starttls" },
      slack: { url: "https://hooks.example/T/B" },
      routes: [{ min_severity: "warning", actions: { chat: { webhook: { url: "${DISCORD}" } } } }],
      secrets: { DISCORD: "https://discord.example/x" },
    });
    expect((await load({})).alerts).toBeUndefined();
  });

  test.each([
    [{ email: { ...email, user: "m", password: "${NOBODY}" } }, /NOBODY\}, which is not set/],
    [{ routes: [hook("${NOBODY}")] }, /NOBODY\}, which is not set/],
    [{ email: { ...email, user: "m" } }, /email\.user: and a password need each other/],
    [{ email: { ...email, user: "m", password: "p", security: "opportunistic" } }, /must be tls or starttls/],
    [{ email: { ...email, to: ["nobody"] } }, /must be `user@host`/],
    [{ email: { ...email, from: "a@b\nBcc: c@d" } }, /must be `user@host`/],
    [{ email: { ...email, digest_at: "8:00" } }, /must be `HH:MM`/],
    [{ email: { ...email, to: [], digest_at: "08:00" } }, /needs somebody in email\.to/],
    [{ fallback: "email" }, /fallback: must be one of none/],
    [{ routes: [hook("https://x.example")], fallback: "pager" }, /must be one of chat/],
    [{ routes: [hook("https://x.example"), hook("https://y.example")] }, /names the action chat twice/],
    [
      { routes: [{ name: "r", actions: { a: { webhook: {}, condition: { never: {} } } } }] },
      /must be an object with one key/,
    ],
    [{ routes: [{ name: "r", actions: { a: { pagerduty: {} } } }] }, /must be an object with one key/],
    [{ public_url: "monitor.example.org" }, /public_url/],
  ])("%j is refused", async (alerts, words) => {
    await expect(load({ file: { alerts } })).rejects.toMatchObject({
      code: "config_invalid",
      message: expect.stringMatching(words),
    });
  });

  test("a password goes unencrypted to this machine alone", async () => {
    const local = { ...email, host: "127.0.0.1", user: "m", password: "p", security: "opportunistic" };
    expect((await load({ file: { alerts: { email: local } } })).alerts?.email).toMatchObject({ user: "m" });
  });
});
