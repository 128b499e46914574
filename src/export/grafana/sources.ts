import { createHash } from "node:crypto";

/** A data source of Grafana: one index pattern with one time field. */
export type Source = { uid: string; name: string; index: string; timeField: string };

export function sourceOf(input: { network: string; index: string; timeField: string }): Source {
  const { network, index, timeField } = input;
  const digest = createHash("sha256").update(`${network} ${index} ${timeField}`).digest("hex").slice(0, 16);
  const suffix = timeField === "@timestamp" ? "" : ` by ${timeField}`;
  return { uid: `ethmon-${digest}`, name: `ethmon ${network}: ${index}${suffix}`, index, timeField };
}

/** The file of `provisioning/datasources`; Grafana puts the environment's variables in place of `$NAME`. */
export function sourcesFile(sources: readonly Source[], url: string): string {
  const each = sources.map(({ uid, name, index, timeField }) =>
    [
      `  - uid: ${quoted(uid)}`,
      `    name: ${quoted(name)}`,
      "    type: elasticsearch",
      "    access: proxy",
      `    url: ${quoted(url)}`,
      "    jsonData:",
      `      index: ${quoted(index)}`,
      `      timeField: ${quoted(timeField)}`,
      "      maxConcurrentShardRequests: 5",
      "      httpHeaderName1: Authorization",
      "    secureJsonData:",
      '      httpHeaderValue1: "$ETHMON_GRAFANA_AUTHORIZATION"',
    ].join("\n"),
  );
  return `apiVersion: 1\ndatasources:\n${each.join("\n")}\n`;
}

/** JSON's strings are YAML's; a `$` of ours is no variable. */
function quoted(text: string): string {
  return JSON.stringify(text.replaceAll("$", "$$$$"));
}
