import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { loadConfig } from "../../src/config/load.ts";
import { composeOptions, systemdOptions } from "./documented-options.ts";
import { deployed, readSections, readYaml } from "./read-files.ts";

type Service = {
  hostname?: string;
  environment?: Record<string, string>;
  extra_hosts?: string[];
  ports?: string[];
  volumes?: string[];
  depends_on?: object;
};

const compose = readYaml(deployed("apart/compose.yml")) as { services: Record<string, Service>; volumes: object };
const engine = readYaml(deployed("apart/opensearch.yml")) as Record<string, unknown>;
const engineNodes = Object.entries(compose.services).filter(([name]) => /^opensearch-\d$/.test(name));
const names = engineNodes.map(([name]) => name);
const portOf = (service: Service) => /^127\.0\.0\.1:(\d+):9200$/.exec(service.ports?.[0] ?? "")?.[1];

const monitorFile = fileURLToPath(new URL("../../deploy/apart/monitor.json", import.meta.url));
const monitor = (env: Record<string, string>) => loadConfig({ file: monitorFile, overrides: {}, env });

describe("agents, monitor and cluster apart", () => {
  it("have a monitor's configuration that it takes, with its password from the environment alone", async () => {
    const { store, elastic } = await monitor({ ETHMON_STORE_PASSWORD: "of-a-test" });
    expect(store.elasticsearch?.urls).toHaveLength(3);
    expect(elastic?.tls).toBeDefined();
    await expect(monitor({})).rejects.toMatchObject({ code: "config_invalid" });
    expect(compose.services["ethmon"]?.environment).toHaveProperty("ETHMON_STORE_PASSWORD");
  });

  it("find the cluster's nodes by the same names and ports in every file", async () => {
    expect(names).toEqual(["opensearch-1", "opensearch-2", "opensearch-3"]);
    const { store } = await monitor({ ETHMON_STORE_PASSWORD: "of-a-test" });
    const reached = store.elasticsearch?.urls.map((url) => new URL(url).host);
    expect(reached).toEqual(engineNodes.map(([name, service]) => `${name}:${portOf(service)}`));
    expect(compose.services["ethmon"]?.extra_hosts).toEqual(names.map((name) => `${name}:127.0.0.1`));
    expect(engine).toMatchObject({
      "http.port": 9200,
      "discovery.seed_hosts": names.map((name) => `${name}:${engine["transport.port"]}`),
      "cluster.initial_cluster_manager_nodes": names,
      "plugins.security.nodes_dn": names.map((name) => `CN=${name}`),
    });
    const { OPENSEARCH_HOSTS: hosts = "[]" } = compose.services["dashboards"]?.environment ?? {};
    expect(JSON.parse(hosts)).toEqual(names.map((name) => `https://${name}:9200`));
    for (const [name, service] of engineNodes) {
      expect(service).toMatchObject({ hostname: name, environment: { "node.name": name } });
    }
  });

  it("have a compose file of documented options, whose volumes and files are there and which is closed to others", () => {
    for (const service of Object.values(compose.services)) {
      for (const option of Object.keys(service)) expect(composeOptions).toContain(option);
      for (const name of Object.keys(service.depends_on ?? {})) expect(Object.keys(compose.services)).toContain(name);
      for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
      for (const volume of service.volumes ?? []) {
        const [from = ""] = volume.split(":");
        if (from.startsWith("./certs/")) expect([...names, "monitor", "dashboards"]).toContain(from.split("/")[2]);
        else if (from.startsWith("./")) expect(deployed(`apart/${from.slice(2)}`)).not.toBe("");
        else expect(Object.keys(compose.volumes)).toContain(from);
      }
    }
    const published = Object.values(compose.services).flatMap(({ ports = [] }) =>
      ports.map((port) => port.split(":")[1]),
    );
    expect(new Set(published).size).toBe(published.length);
  });

  it("name the certificates of the monitor and of the nodes as they are mounted", () => {
    const paths = [...deployed("apart/monitor.json").matchAll(/\/etc\/ethmon\/certs\/([\w.]+)/g)].map(
      ([, file]) => file,
    );
    expect(new Set(paths)).toEqual(new Set(["ca.pem", "monitor.pem", "monitor.key"]));
    expect(compose.services["ethmon"]?.volumes).toContain("./certs/monitor:/etc/ethmon/certs:ro");
    const files = Object.entries(engine).flatMap(([key, value]) => (key.endsWith("_filepath") ? [value] : []));
    expect(new Set(files)).toEqual(new Set(["certs/ca.pem", "certs/node.pem", "certs/node.key"]));
    for (const [name, { volumes }] of engineNodes) {
      expect(volumes).toContain(`./certs/${name}:/usr/share/opensearch/config/certs:ro`);
    }
  });

  it.each(readdirSync(new URL("../../deploy/apart/systemd", import.meta.url)))(
    "have a drop-in with documented options alone: %s",
    (file) => {
      for (const { name, options } of readSections(
        deployed(`apart/systemd/${file}`).replace("EnvironmentFile=\n", ""),
        /^#/,
      )) {
        expect(Object.keys(systemdOptions)).toContain(name);
        for (const option of options.keys()) expect(systemdOptions[name]).toContain(option);
      }
    },
  );

  it("are told of in the guide, file by file", () => {
    const guide = deployed("README.md");
    const files = readdirSync(new URL("../../deploy/apart", import.meta.url), { recursive: true, withFileTypes: true });
    for (const file of files) if (file.isFile()) expect(guide).toContain(file.name);
  });
});

type Role = { cluster: readonly string[]; index: readonly string[]; patterns: readonly string[] };

function elasticsearchRole(): Role {
  const { role_descriptors: roles } = JSON.parse(deployed("apart/role-elasticsearch.json")) as {
    role_descriptors: { ethmon: { cluster: string[]; indices: { names: string[]; privileges: string[] }[] } };
  };
  const { cluster, indices } = roles.ethmon;
  return {
    cluster,
    index: indices.flatMap(({ privileges }) => privileges),
    patterns: indices.flatMap(({ names }) => names),
  };
}

function openSearchRole(): Role {
  const role = JSON.parse(deployed("apart/role-opensearch.json")) as {
    cluster_permissions: string[];
    index_permissions: { index_patterns: string[]; allowed_actions: string[] }[];
  };
  return {
    cluster: role.cluster_permissions,
    index: role.index_permissions.flatMap(({ allowed_actions }) => allowed_actions),
    patterns: role.index_permissions.flatMap(({ index_patterns }) => index_patterns),
  };
}

describe("the monitor's role in the cluster", () => {
  const rows = deployed("README.md")
    .split("\n")
    .filter((line) => /^\| `(GET|PUT|POST|DELETE) /.test(line))
    .map((line) => line.split("|").map((cell) => cell.trim()));
  const told = (column: number) =>
    new Set(rows.flatMap((row) => [...(row[column] ?? "").matchAll(/`([^`]+)`/g)]).map(([, name]) => name));

  it("is derived from every kind of request that the store makes", () => {
    const sources = ["elastic", "copy"].flatMap((folder) => {
      const directory = new URL(`../../src/store/${folder}/`, import.meta.url);
      const files = readdirSync(directory).filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
      return files.map((file) => readFileSync(new URL(file, directory), "utf8"));
    });
    const made = sources.flatMap((text) =>
      [...text.matchAll(/["`},*]\/(?:[\w.${}()*,-]*\/)?(_[a-z_]+)/g)].map(([, operation = ""]) => operation),
    );
    expect(new Set(made)).toContain("_rollover");
    expect(new Set(made)).toContain("_settings");
    const onlySmallBuilds = ["_cluster", "_nodes", "_all"];
    const requests = rows.map((row) => row[1]).join(" ");
    const unexplained = made.filter((one) => !onlySmallBuilds.includes(one) && !requests.includes(`/${one}`));
    expect(unexplained).toEqual([]);
  });

  it.each([
    ["Elasticsearch", elasticsearchRole(), 2],
    ["OpenSearch", openSearchRole(), 3],
  ])("of %s holds what the guide derives, and nothing else", (_, role, column) => {
    expect(new Set([...role.cluster, ...role.index])).toEqual(told(column));
    for (const pattern of ["logs-*", "ethmon-*", "metricbeat-*", "filebeat-*", "packetbeat-*", "ethmon.writers"]) {
      expect(role.patterns).toContain(pattern);
    }
    expect(role.patterns).not.toContain("*");
  });
});
