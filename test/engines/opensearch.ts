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
const SMALL_JVM = ["-Xms512m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];

/** A real OpenSearch 3.8.0 of one node, from its jars of Maven Central; `jvm` are options of its virtual machine. */
export async function startOpenSearch(signal: AbortSignal, jvm: readonly string[] = SMALL_JVM): Promise<Engine> {
  const jdk = await findJdk(JAVA);
  const pom = join(HERE, "pom.xml");
  const jars = await cached({
    name: "opensearch",
    key: await readFile(pom, "utf8"),
    fill: (directory) => maven(["-f", pom, COPY, "-DincludeScope=runtime", `-DoutputDirectory=${directory}`], signal),
  });
  const [http = 0, transport = 0] = await freePorts(2);
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
      ...[`path.home=${directory}`, "node.name=engine", "cluster.name=engines", "network.host=127.0.0.1"],
      ...[`http.port=${http}`, `transport.port=${transport}`, "discovery.type=single-node"],
      "cluster.routing.allocation.disk.threshold_enabled=false",
    ],
    signal,
  });
}
