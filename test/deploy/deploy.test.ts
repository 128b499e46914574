import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { loadConfig } from "../../src/config/load.ts";
import { clients } from "../../src/ingest/client-logs/clients.ts";
import { readShippedPipelines } from "../../src/ingest/client-logs/shipped-pipelines.ts";
import { wildcard } from "../../src/lib/wildcard.ts";
import { clientLines } from "../../src/serve/hosts/client-lines.ts";
import { metricbeat } from "../../src/serve/hosts/metricbeat.ts";
import { packetbeat } from "../../src/serve/hosts/packetbeat.ts";
import { telegraf } from "../../src/serve/hosts/telegraf.ts";
import {
  beatOptions,
  composeOptions,
  rsyslogActionOptions,
  systemdOptions,
  telegrafOptions,
} from "./documented-options.ts";
import { deployed, optionNames, readAction, readSections, readYaml, unmarked } from "./read-files.ts";

type Input = {
  type: string;
  id: string;
  pipeline: string;
  fields: { labels: { client: string } };
  parsers: { multiline: { pattern: string; negate: boolean; match: string } }[];
};
type FilebeatConfig = { "filebeat.inputs": Input[] };

const filebeat = () => readYaml(deployed("beats/filebeat.yml")) as FilebeatConfig;
const isReached = (indices: string, index: string) => indices.split(",").some((pattern) => wildcard(pattern)(index));

describe("the Beats' configurations", () => {
  it.each(Object.keys(beatOptions))("of %s have documented options alone, with either output", (beat) => {
    const text = deployed(`beats/${beat}.yml`);
    const [first, second] = [readYaml(text) as object, readYaml(unmarked(text, "output.logstash:")) as object];
    expect(Object.keys(first).filter((key) => key.startsWith("output"))).toEqual(["output.elasticsearch"]);
    expect(Object.keys(second)).toEqual(["output.logstash"]);
    const used = [...optionNames(first), ...optionNames(second)];
    expect(used.filter((name) => !beatOptions[beat]?.includes(name))).toEqual([]);
  });

  it.each(Object.keys(beatOptions))("of %s send to the ports that are ours, with no secret in the file", (beat) => {
    const text = deployed(`beats/${beat}.yml`);
    expect(readYaml(text)).toMatchObject({
      "output.elasticsearch": { hosts: ["http://127.0.0.1:9200"], api_key: `\${ETHMON_API_KEY}` },
    });
    expect(readYaml(unmarked(text, "output.logstash:"))).toMatchObject({
      "output.logstash": { hosts: ["127.0.0.1:5044"] },
    });
  });

  it("read the logs of every client as docs/pipelines.md says, through a pipeline that there is", () => {
    const inputs = filebeat()["filebeat.inputs"];
    expect(inputs.map(({ fields }) => fields.labels.client)).toEqual(clients.map(({ name }) => name));
    for (const [at, { name, firstLine }] of clients.entries()) {
      const input = inputs[at];
      expect(input).toMatchObject({ type: "filestream", id: name });
      expect([...readShippedPipelines().keys()]).toContain(input?.pipeline);
      expect(input?.parsers).toEqual([
        {
          multiline: {
            type: "pattern",
            pattern: firstLine,
            negate: true,
            match: "after",
            max_lines: 500,
            timeout: "2s",
          },
        },
      ]);
    }
  });

  it("take each sample line of a client for the beginning of an entry, and a stack trace for its rest", () => {
    for (const { fields, parsers } of filebeat()["filebeat.inputs"]) {
      const pattern = new RegExp(parsers[0]?.multiline.pattern ?? "");
      const lines = readFileSync(new URL(`../data/client-logs/${fields.labels.client}.json`, import.meta.url), "utf8");
      for (const { line } of JSON.parse(lines) as { line: string }[]) expect(line).toMatch(pattern);
      expect("    at io.example.Main.run(Main.java:7)").not.toMatch(pattern);
    }
  });

  it("may read the journal instead, where clients are units", () => {
    const marked = readYaml(unmarked(deployed("beats/filebeat.yml"), "- type: journald"));
    expect(marked).toEqual([
      {
        type: "journald",
        id: "clients",
        units: ["lighthouse.service", "geth.service"],
        pipeline: "ethmon-client-logs",
      },
    ]);
    expect(
      [...optionNames({ "filebeat.inputs": marked })].filter((name) => !beatOptions["filebeat"]?.includes(name)),
    ).toEqual([]);
  });
});

describe("Telegraf's and rsyslog's configurations", () => {
  const sections = readSections(deployed("telegraf.conf"), /^#/);

  it("have documented options alone, and values that can be read", () => {
    for (const { name, options } of sections) {
      expect(Object.keys(telegrafOptions)).toContain(name);
      for (const [option, value] of options) {
        expect(telegrafOptions[name]).toContain(option);
        expect(() => JSON.parse(value)).not.toThrow();
      }
    }
    const action = readAction(deployed("rsyslog.conf"));
    expect([...action.keys()].filter((name) => !rsyslogActionOptions.includes(name))).toEqual([]);
    expect([...readShippedPipelines().keys()]).toContain(action.get("pipelineName"));
  });

  it("name indices in which the monitor looks for them, as the Beats' own do", () => {
    const index = sections.find(({ name }) => name === "outputs.elasticsearch")?.options.get("index_name") ?? "";
    expect(isReached(telegraf.indices, JSON.parse(index).replace("%Y.%m.%d", "2026.11.22"))).toBe(true);
    expect(isReached(clientLines.indices, readAction(deployed("rsyslog.conf")).get("searchIndex") ?? "")).toBe(true);
    expect(isReached(metricbeat.indices, "metricbeat-9.1.0")).toBe(true);
    expect(isReached(packetbeat.indices, "packetbeat-9.1.0")).toBe(true);
    expect(isReached(clientLines.indices, "filebeat-9.1.0")).toBe(true);
  });

  it("watch the programs of all clients", () => {
    const [, names = ""] = /re_match\(\$programname, "\(([^)]*)\)"\)/.exec(deployed("rsyslog.conf")) ?? [];
    const pattern = sections.find(({ name }) => name === "inputs.procstat")?.options.get("pattern") ?? "";
    for (const text of [names, JSON.parse(pattern) as string]) {
      for (const { name } of clients) expect(text.split("|")).toContain(name);
    }
  });
});

describe("what starts the monitor", () => {
  it("is a configuration that it takes", async () => {
    const file = fileURLToPath(new URL("../../deploy/ethmon.json", import.meta.url));
    const config = await loadConfig({ file, overrides: {}, env: {} });
    expect(config.elastic?.port).toBe(9200);
    expect(config.beats?.port).toBe(5044);
    expect(config.nodes.every(({ hosts }) => hosts.length > 0)).toBe(true);
  });

  it.each(["systemd/ethmon.service", "systemd/beat.conf"])("is a unit with documented options alone: %s", (path) => {
    for (const { name, options } of readSections(deployed(path), /^[#;]/)) {
      expect(Object.keys(systemdOptions)).toContain(name);
      for (const option of options.keys()) expect(systemdOptions[name]).toContain(option);
    }
  });

  it("is a compose file whose services, volumes and files are there", () => {
    const compose = readYaml(deployed("compose.yml")) as {
      services: Record<
        string,
        { build?: { dockerfile: string }; ports?: string[]; volumes?: string[]; depends_on?: object }
      >;
      volumes: object;
    };
    const services = Object.values(compose.services);
    for (const service of services) {
      for (const option of Object.keys(service)) expect(composeOptions).toContain(option);
      for (const name of Object.keys(service.depends_on ?? {})) expect(Object.keys(compose.services)).toContain(name);
      for (const volume of service.volumes ?? []) {
        const [from = ""] = volume.split(":");
        if (from.startsWith("./")) expect(deployed(from.slice(2))).not.toBe("");
        else expect(Object.keys(compose.volumes)).toContain(from);
      }
      // Nothing is open to others.
      for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
    }
    expect(deployed(compose.services["ethmon"]?.build?.dockerfile.replace("deploy/", "") ?? "")).toContain(
      "dist/main.js",
    );
  });

  it("is told of in the guide, file by file", () => {
    const guide = deployed("README.md");
    const files = [
      "beats/metricbeat.yml",
      "beats/packetbeat.yml",
      "beats/filebeat.yml",
      "telegraf.conf",
      "rsyslog.conf",
    ];
    for (const file of [...files, "ethmon.json", "systemd/ethmon.service", "systemd/beat.conf", "compose.yml"]) {
      expect(guide).toContain(file);
    }
    expect(guide).toContain("were not run");
  });
});
