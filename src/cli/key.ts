import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { type Command, InvalidArgumentError, Option } from "commander";
import { defaultDataDirectory } from "../config/load.ts";
import { type Clock, systemClock } from "../lib/clock.ts";
import { Fault } from "../lib/fault.ts";
import type { KeyCredential, UserCredential } from "../serve/access/credential-files.ts";
import { createKeyStore, isUsable } from "../serve/access/key-store.ts";
import { isRole, ROLES, type Role } from "../serve/access/roles.ts";
import { columns } from "./columns.ts";

type Common = { json?: true; data?: string };

const DAY_MS = 86_400_000;

/** `ethmon key`: works on the data directory's files, whether a program runs on it or not. */
export function addKey(program: Command): void {
  const key = program.command("key").description("API keys and users, for the Elasticsearch face and the native API.");
  const clock = systemClock();
  const open = ({ data }: Common) =>
    createKeyStore({ dataDirectory: data ?? defaultDataDirectory(process.env), clock });

  withCommon(key.command("create"))
    .description("Make an API key and show it: it cannot be shown again.")
    .addOption(roleOption())
    .option("--name <name>", "what it is for", "unnamed")
    .option("--expires-days <days>", "it ends after so many days", positive)
    .action(async (options: Common & { role: Role; name: string; expiresDays?: number }) => {
      const { role, name, expiresDays } = options;
      const expiresMs = expiresDays === undefined ? {} : { expiresMs: clock.nowUs() / 1000 + expiresDays * DAY_MS };
      const { id, secret } = await open(options).createKey({ name, role, owner: "ethmon key", ...expiresMs });
      const encoded = Buffer.from(`${id}:${secret}`).toString("base64");
      print(options, { id, name, role, api_key: secret, encoded, ...expiry(expiresMs.expiresMs) }, [
        `Key ${name} (${role}) was made. It is shown this once:`,
        "",
        `  Authorization: ApiKey ${encoded}`,
        `  api_key: "${id}:${secret}"   (in a Beat's configuration)`,
      ]);
    });

  withCommon(key.command("list"))
    .description("The keys and users there are, without their secrets.")
    .action(async (options: Common) => {
      const store = open(options);
      const [keys, users] = [await store.keys(), await store.users()];
      print(
        options,
        { keys: keys.map((each) => keyView(each, clock)), users: users.map(({ name, role }) => ({ name, role })) },
        listLines(keys, users, clock),
      );
    });

  withCommon(key.command("revoke"))
    .description("End a key by its id, or remove a user by name. A running program follows within a second.")
    .argument("<id or user>")
    .action(async (idOrName: string, options: Common) => {
      const outcome = await open(options).revoke(idOrName);
      if (outcome === "unknown") throw new Fault("key_unknown", `There is no key or user ${idOrName}.`);
      print(options, { id: idOrName, outcome }, [`${idOrName} was ${outcome}.`]);
    });

  withCommon(key.command("user"))
    .description("Make a user who logs in with name and password, or give one another password and role.")
    .argument("<name>")
    .addOption(roleOption())
    .addOption(
      new Option(
        "--password-file <file>",
        "file that holds the password; - reads standard input",
      ).makeOptionMandatory(),
    )
    .action(async (name: string, options: Common & { role: Role; passwordFile: string }) => {
      const { role, passwordFile } = options;
      await open(options).putUser({ name, role, password: await readPassword(passwordFile) });
      print(options, { name, role }, [`User ${name} (${role}) can log in.`]);
    });
}

function withCommon(command: Command): Command {
  return command.option("--data <directory>", "the data directory").option("--json", "print one JSON object");
}

function roleOption(): Option {
  return new Option("--role <role>", "what it may do: reader searches, writer sends documents, admin does all")
    .choices(ROLES)
    .argParser((text: string): Role => {
      if (isRole(text)) return text;
      throw new InvalidArgumentError(`It must be one of ${ROLES.join(", ")}.`);
    })
    .makeOptionMandatory();
}

function positive(text: string): number {
  const days = Number(text);
  if (days > 0 && days <= 36_500) return days;
  throw new InvalidArgumentError("It must be a number of days, above 0 and at most 36500.");
}

/** The file's first line. */
async function readPassword(path: string): Promise<string> {
  try {
    const whole = path === "-" ? await text(process.stdin) : await readFile(path, "utf8");
    return whole.split(/\r?\n/, 1)[0] ?? "";
  } catch (cause) {
    throw new Fault("password_unreadable", `The password file ${path} cannot be read.`, { cause });
  }
}

function keyView(key: KeyCredential, clock: Clock) {
  const { id, name, role, createdMs, expiresMs, revokedMs } = key;
  return {
    id,
    name,
    role,
    state: stateOf(key, clock),
    created: new Date(createdMs).toISOString(),
    ...expiry(expiresMs),
    ...(revokedMs === undefined ? {} : { revoked: new Date(revokedMs).toISOString() }),
  };
}

function stateOf(key: KeyCredential, clock: Clock): "active" | "revoked" | "expired" {
  if (key.revokedMs !== undefined) return "revoked";
  return isUsable(key, clock.nowUs() / 1000) ? "active" : "expired";
}

function listLines(keys: readonly KeyCredential[], users: readonly UserCredential[], clock: Clock): string[] {
  if (keys.length === 0 && users.length === 0) return ["There are no keys and no users."];
  const rows = [
    ...keys.map((key) => ["key", key.id, key.role, stateOf(key, clock), key.name]),
    ...users.map(({ name, role }) => ["user", name, role, "active", ""]),
  ];
  return columns(rows);
}

function expiry(expiresMs: number | undefined): { expires?: string } {
  return expiresMs === undefined ? {} : { expires: new Date(expiresMs).toISOString() };
}

function print({ json }: Common, view: object, lines: readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(view)}\n` : `${lines.join("\n")}\n`);
}
