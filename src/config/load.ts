import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { AlertSettings } from "../alert/schema.ts";
import { secretNames } from "../alert/send/secrets.ts";
import { Fault } from "../lib/fault.ts";
import { type Config, configSchema } from "./schema.ts";

/** What the command line says; it wins over the file. */
export type Overrides = {
  nodes?: readonly string[] | undefined;
  data?: string | undefined;
  host?: string | undefined;
  port?: number | undefined;
  logLevel?: string | undefined;
  labels?: string | undefined;
  /** Addresses of a cluster that holds the documents. */
  store?: readonly string[] | undefined;
  /** True opens the port of the configuration, or the usual one; a number that port. */
  elastic?: true | number | undefined;
  beats?: true | number | undefined;
  public?: true | number | undefined;
};

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The configuration from a file (JSON) and the command line. Nodes are `URL` or `name=URL`.
 * Throws `config_missing` or `config_invalid`, with the key and what it may be.
 */
export async function loadConfig(input: {
  file?: string | undefined;
  overrides: Overrides;
  env: Env;
}): Promise<Config> {
  const { file, overrides, env } = input;
  const fromFile = file === undefined ? {} : await readConfigFile(file);
  const merged = {
    ...fromFile,
    ...(overrides.nodes === undefined ? {} : { nodes: overrides.nodes.map(nodeOf) }),
    ...(overrides.data === undefined ? {} : { data_directory: overrides.data }),
    ...(overrides.host === undefined ? {} : { host: overrides.host }),
    ...(overrides.port === undefined ? {} : { port: overrides.port }),
    ...(overrides.labels === undefined ? {} : { validators: withLabels(fromFile, overrides.labels) }),
    ...(overrides.store === undefined ? {} : { store: withCluster(fromFile, overrides.store) }),
    ...section("elastic", fromFile, overrides.elastic),
    ...section("beats", fromFile, overrides.beats),
    ...section("public", fromFile, overrides.public),
    ...(overrides.logLevel === undefined ? {} : { log_level: overrides.logLevel }),
  };
  const parsed = configSchema.safeParse(merged);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const key = issue?.path.join(".") || "the configuration";
    throw new Fault("config_invalid", `${file ?? "The command line"}: ${key}: ${issue?.message}.`);
  }
  const nodes = parsed.data.nodes.map((node) => ({ ...node, url: expand(node.url, env) }));
  const { alerts, ...rest } = parsed.data;
  return {
    ...rest,
    nodes,
    store: expandStore(parsed.data.store, env),
    ...(alerts === undefined ? {} : { alerts: expandAlerts(alerts, env) }),
  };
}

/** Where documents are kept when nothing else is said. */
export function defaultDataDirectory(env: Env): string {
  const base = env["XDG_DATA_HOME"];
  return join(base === undefined || base === "" ? join(homedir(), ".local", "share") : base, "ethmon");
}

/** What else the file says of validators stays; what is no section at all is left for the schema to refuse. */
function withLabels({ validators = {} }: Record<string, unknown>, labels: string): unknown {
  return typeof validators === "object" && validators !== null ? { ...validators, labels } : validators;
}

/** What else the file says of the cluster stays. */
function withCluster({ store = {} }: Record<string, unknown>, urls: readonly string[]): unknown {
  if (typeof store !== "object" || store === null) return store;
  const { elasticsearch = {} } = store as Record<string, unknown>;
  if (typeof elasticsearch !== "object" || elasticsearch === null) return store;
  return { ...store, elasticsearch: { ...elasticsearch, urls } };
}

function expandStore({ elasticsearch, ...rest }: Config["store"], env: Env): Config["store"] {
  if (elasticsearch === undefined) return rest;
  const { urls, api_key: apiKey, ...more } = elasticsearch;
  return {
    ...rest,
    elasticsearch: {
      ...more,
      urls: urls.map((url) => expand(url, env)),
      ...(apiKey === undefined ? {} : { api_key: expand(apiKey, env) }),
    },
  };
}

/** What routes name is kept beside them: their contents are stored before they are sent, without secrets. */
function expandAlerts({ email, slack, ...rest }: AlertSettings, env: Env): AlertSettings {
  const { user, password } = email ?? {};
  return {
    ...rest,
    ...(email === undefined
      ? {}
      : {
          email: {
            ...email,
            ...(user === undefined ? {} : { user: expand(user, env) }),
            ...(password === undefined ? {} : { password: expand(password, env) }),
          },
        }),
    ...(slack === undefined ? {} : { slack: { url: expand(slack.url, env) } }),
    secrets: Object.fromEntries(secretNames(rest.routes).map((name) => [name, expand(`\${${name}}`, env)])),
  };
}

/** A section that the command line asks for, with its port where that is told. */
function section(
  name: string,
  { [name]: own = {} }: Record<string, unknown>,
  asked: true | number | undefined,
): object {
  if (asked === undefined || typeof own !== "object" || own === null) return {};
  return { [name]: { ...own, ...(asked === true ? {} : { port: asked }) } };
}

async function readConfigFile(file: string): Promise<Record<string, unknown>> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    throw new Fault("config_missing", `The configuration file ${file} cannot be read.`, { cause });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Fault("config_invalid", `${file} is not JSON.`, { cause });
  }
  if (typeof json === "object" && json !== null && !Array.isArray(json)) return { ...json };
  throw new Fault("config_invalid", `${file} must hold a JSON object.`);
}

/** `name=URL` or `URL`; a `=` within a URL's query is none that names. */
function nodeOf(text: string): { name?: string; url: string } {
  const named = /^([A-Za-z0-9_.-]{1,64})=(.+:\/\/.+)$/.exec(text);
  return named?.[1] !== undefined && named[2] !== undefined ? { name: named[1], url: named[2] } : { url: text };
}

function expand(text: string, env: Env): string {
  return text.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, name: string) => {
    const value = env[name];
    if (value === undefined)
      throw new Fault("config_invalid", `The configuration names \${${name}}, which is not set.`);
    return value;
  });
}
