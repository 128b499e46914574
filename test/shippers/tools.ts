import { spawnSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { Fault } from "../../src/lib/fault.ts";

/** Outlives checkouts: Telegraf alone takes minutes to compile. What is in it is named by its version. */
const CACHE = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "ethmon-shippers");
const OMELASTICSEARCH = "/usr/lib/*/rsyslog/omelasticsearch.so";
/** The first that fetches by itself the newer Go that Telegraf's build asks for is 1.21; Debian 13 has this. */
const GO_AT_LEAST = 24;
/** Telegraf's custom builds leave out all plugins but the tagged ones. */
const TELEGRAF_TAGS = "custom,inputs.cpu,inputs.mem,inputs.system,inputs.tail,outputs.elasticsearch,parsers.value";

type PythonPackage = { requirement: string; directory: string };
type GoProgram = { module: string; directory: string; program: string; tags?: string };

const python = (name: string, version: string): PythonPackage => ({
  requirement: `${name}==${version}`,
  directory: join(CACHE, "python", `${name}-${version}`),
});
const go = (path: string, version: string, tags?: string): GoProgram => {
  const name = path.split("/").at(-1) ?? path;
  const directory = join(CACHE, "go", `${name}-${version}`);
  const found = { module: `${path}@${version}`, directory, program: join(directory, name) };
  return tags === undefined ? found : { ...found, tags };
};

export const tools = {
  elasticsearchPython8: python("elasticsearch", "8.19.3"),
  elasticsearchPython9: python("elasticsearch", "9.5.1"),
  pylogbeat: python("pylogbeat", "2.1.0"),
  goLumber: go("github.com/elastic/go-lumber/cmd/tst-send", "v0.1.0"),
  telegraf: go("github.com/influxdata/telegraf/cmd/telegraf", "v1.37.2", TELEGRAF_TAGS),
} as const;

/**
 * Installs what is not in the cache yet. Throws `shippers_missing` with all that the machine lacks and how to get it,
 * and `shippers_not_installed`, retryable, when a registry did not give what it should.
 */
export function installTools(say: (sentence: string) => void): void {
  const missing = missingPrograms();
  if (missing.length > 0) throw new Fault("shippers_missing", `This machine lacks ${missing.join(", ")}.`);
  for (const tool of Object.values(tools)) {
    if (existsSync(tool.directory)) continue;
    const { label, command, args, env } = "module" in tool ? goInstall(tool) : pipInstall(tool);
    say(`Installing ${label} into ${tool.directory} (once) ...`);
    const part = partOf(tool.directory);
    rmSync(part, { recursive: true, force: true });
    mkdirSync(part, { recursive: true });
    const { status } = spawnSync(command, args, { stdio: ["ignore", 2, 2], env: { ...process.env, ...env } });
    if (status !== 0) {
      const reason = `${label} could not be installed: \`${command}\` failed as shown above; its registry must be reachable.`;
      throw new Fault("shippers_not_installed", reason, { retry: "retryable" });
    }
    // Whole or not at all, also when this is interrupted.
    renameSync(part, tool.directory);
  }
}

type Installation = { label: string; command: string; args: readonly string[]; env: Record<string, string> };

function partOf(directory: string): string {
  return `${directory}.part`;
}

function pipInstall({ requirement, directory }: PythonPackage): Installation {
  const args = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", partOf(directory)];
  return { label: requirement, command: "python3", args: [...args, requirement], env: {} };
}

function goInstall({ module, directory, tags }: GoProgram): Installation {
  const args = ["install", ...(tags === undefined ? [] : ["-tags", tags]), module];
  return { label: module, command: "go", args, env: { GOBIN: partOf(directory), GOFLAGS: "" } };
}

function missingPrograms(): string[] {
  const missing: string[] = [];
  const says = (command: string, ...args: string[]) => spawnSync(command, args, { encoding: "utf8" });
  if (says("tshark", "--version").status !== 0) missing.push("tshark (Debian: `apt-get install tshark`)");
  if (says("rsyslogd", "-v").status !== 0 || globSync(OMELASTICSEARCH).length === 0) {
    missing.push("rsyslog with omelasticsearch (Debian: `apt-get install rsyslog rsyslog-elasticsearch`)");
  }
  if (says("python3", "-m", "pip", "--version").status !== 0) {
    missing.push("Python 3 with pip (Debian: `apt-get install python3-pip`)");
  }
  const minor = Number(/^go1\.(\d+)/.exec(says("go", "env", "GOVERSION").stdout ?? "")?.[1] ?? 0);
  const isBuilt = [tools.goLumber, tools.telegraf].every(({ directory }) => existsSync(directory));
  if (!isBuilt && minor < GO_AT_LEAST) {
    missing.push(`Go 1.${GO_AT_LEAST} or later (Debian 13: \`apt-get install golang\`)`);
  }
  return missing;
}
