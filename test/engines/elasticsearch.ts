import { chown, cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePorts } from "../../devnet/ports.ts";
import { cached } from "./cache.ts";
import { type Engine, engineDirectory, startEngine } from "./engine.ts";
import { findJdk, maven } from "./tools.ts";

const VERSION = "8.7.1";
/** The newest that is there: it has the lifecycle of data streams, and lacks `GET /`. */
const NEWEST = "8.19.21";
const UNPACK = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:unpack";
const GROUP = "org.elasticsearch.distribution.integ-test-zip";
/** From Java 24 on there is no security manager, without which Elasticsearch 8.7 does not start. */
const JAVA = { atLeast: 17, atMost: 23 };
/** `nobody`: Elasticsearch refuses to run as root. */
const NOBODY = 65_534;

/** A real Elasticsearch of one node: that which its makers publish for integration tests, without most modules. */
export function startElasticsearch(signal: AbortSignal): Promise<Engine> {
  return startVersion(VERSION, signal);
}

/** The same of the newest version there is. */
export function startNewestElasticsearch(signal: AbortSignal): Promise<Engine> {
  return startVersion(NEWEST, signal);
}

async function startVersion(version: string, signal: AbortSignal): Promise<Engine> {
  const jdk = await findJdk(JAVA);
  const artifact = `${GROUP}:elasticsearch:${version}:zip`;
  const unpacked = await cached({
    name: `elasticsearch-${version}`,
    key: artifact,
    fill: (directory) =>
      maven({ args: [UNPACK, `-Dartifact=${artifact}`, `-DoutputDirectory=${directory}`], directory, signal }),
  });
  const home = join(unpacked, `elasticsearch-${version}`);
  const [http = 0, transport = 0] = await freePorts(2);
  const directory = await engineDirectory("elasticsearch");
  await copyConfiguration(home, directory);
  const isRoot = process.getuid?.() === 0;
  if (isRoot) {
    const below = await readdir(directory, { recursive: true });
    for (const path of [directory, ...below.map((name) => join(directory, name))]) await chown(path, NOBODY, NOBODY);
  }
  const settings = {
    "xpack.security.enabled": "false",
    "cluster.name": "engines",
    "network.host": "127.0.0.1",
    "http.port": http,
    "transport.port": transport,
    "discovery.type": "single-node",
    "path.data": join(directory, "data"),
    "path.logs": join(directory, "logs"),
    "cluster.routing.allocation.disk.threshold_enabled": "false",
  };
  return startEngine({
    name: "elasticsearch",
    url: `http://127.0.0.1:${http}`,
    directory,
    command: "bash",
    args: [
      join(home, "bin", "elasticsearch"),
      ...Object.entries(settings).flatMap(([name, value]) => ["-E", `${name}=${value}`]),
    ],
    env: {
      ES_JAVA_HOME: jdk.home,
      ES_PATH_CONF: join(directory, "config"),
      ES_TMPDIR: join(directory, "tmp"),
      ES_JAVA_OPTS: "-Xms512m -Xmx512m -XX:-UseG1GC -XX:+UseSerialGC -XX:TieredStopAtLevel=1",
    },
    ...(isRoot ? { userId: NOBODY } : {}),
    signal,
  });
}

/** Its own configuration has the virtual machine write into the folder that it was unpacked to. */
async function copyConfiguration(home: string, directory: string): Promise<void> {
  const config = join(directory, "config");
  await cp(join(home, "config"), config, { recursive: true });
  await mkdir(join(directory, "tmp"));
  const file = join(config, "jvm.options");
  const lines = (await readFile(file, "utf8")).split("\n");
  await writeFile(file, lines.filter((line) => !/logs\/|HeapDumpPath/.test(line)).join("\n"));
}
