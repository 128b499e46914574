import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePorts } from "../../devnet/ports.ts";
import { cached } from "./cache.ts";
import { type Engine, engineDirectory, startEngine } from "./engine.ts";
import { findJdk, maven } from "./tools.ts";

const HERE = fileURLToPath(new URL("opensearch/", import.meta.url));
const COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies";
/** OpenSearch 3 is compiled for Java 21. */
const JAVA = { atLeast: 21, atMost: Number.POSITIVE_INFINITY };

/** Starts fast, for few documents. */
const smallJvm = (heapMb: number) => [
  `-Xms${heapMb}m`,
  `-Xmx${heapMb}m`,
  "-XX:+UseSerialGC",
  "-XX:TieredStopAtLevel=1",
];

/** A real OpenSearch 3.8.0 of one node, from its jars of Maven Central; `jvm` are options of its virtual machine. */
export async function startOpenSearch(signal: AbortSignal, jvm: readonly string[] = smallJvm(512)): Promise<Engine> {
  const [http = 0, transport = 0] = await freePorts(2);
  const settings = { "discovery.type": "single-node", "node.name": "engine" };
  return startNode({ http, transport, jvm, settings, signal });
}

/** Several nodes of one OpenSearch; `settings` are those of each. */
export async function startOpenSearchCluster(input: {
  nodes: number;
  settings?: Readonly<Record<string, string>>;
  signal: AbortSignal;
}): Promise<{ nodes: (Engine & { node: string })[]; stop(): Promise<void> }> {
  const { nodes: count, settings = {}, signal } = input;
  const ports = await freePorts(2 * count);
  const transports = ports.slice(count);
  const names = transports.map((_, at) => `node-${at + 1}`);
  const starting = names.map(async (node, at) => {
    const engine = await startNode({
      http: ports[at] as number,
      transport: transports[at] as number,
      jvm: smallJvm(384),
      settings: {
        "node.name": node,
        "discovery.seed_hosts": transports.map((port) => `127.0.0.1:${port}`).join(","),
        "cluster.initial_cluster_manager_nodes": names.join(","),
        ...settings,
      },
      signal,
    });
    return { ...engine, node };
  });
  const started = await Promise.allSettled(starting);
  const nodes = started.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const stop = async () => void (await Promise.all(nodes.map((node) => node.stop())));
  const failed = started.find((one) => one.status === "rejected");
  if (failed === undefined) return { nodes, stop };
  await stop();
  throw failed.reason;
}

async function startNode(input: {
  http: number;
  transport: number;
  jvm: readonly string[];
  settings: Readonly<Record<string, string>>;
  signal: AbortSignal;
}): Promise<Engine> {
  const { http, transport, jvm, settings, signal } = input;
  const jdk = await findJdk(JAVA);
  const pom = join(HERE, "pom.xml");
  const jars = await cached({
    name: "opensearch",
    key: await readFile(pom, "utf8"),
    fill: (directory) =>
      maven({
        args: ["-f", pom, COPY, "-DincludeScope=runtime", `-DoutputDirectory=${directory}`],
        directory,
        signal,
      }),
  });
  const directory = await engineDirectory("opensearch");
  return startEngine({
    name: "opensearch",
    url: `http://127.0.0.1:${http}`,
    directory,
    command: join(jdk.home, "bin", "java"),
    args: [
      ...jvm,
      ...["--enable-native-access=ALL-UNNAMED", "-Dlog4j.shutdownHookEnabled=false"],
      "-Dorg.apache.logging.log4j.level=WARN",
      ...["-cp", join(jars, "*"), join(HERE, "OpenSearchNode.java")],
      ...[`path.home=${directory}`, "cluster.name=engines", "network.host=127.0.0.1"],
      ...[`http.port=${http}`, `transport.port=${transport}`],
      "cluster.routing.allocation.disk.threshold_enabled=false",
      ...Object.entries(settings).map(([name, value]) => `${name}=${value}`),
    ],
    signal,
  });
}
