import { CHAIN_INDEX } from "./documents/mix.ts";

const SHARE = { type: "scaled_float", scaling_factor: 1000 };
const LOADS = Object.fromEntries(
  ["1", "5", "15"].map((minutes) => [minutes, { type: "scaled_float", scaling_factor: 100 }]),
);
const UNSEARCHED = { type: "keyword", index: false, doc_values: false };

/** As the Beats' own templates map it, but `message`, which is indexed with its positions: phrases are faster so. */
const MAPPINGS = {
  date_detection: false,
  dynamic_templates: [
    { shares: { path_match: "*.pct", match_mapping_type: "*", mapping: SHARE } },
    { ips: { path_match: "*.ip", match_mapping_type: "string", mapping: { type: "ip" } } },
    { times: { path_match: "*.start_time", match_mapping_type: "string", mapping: { type: "date" } } },
    { delays: { path_match: "ethereum.*_ms", match_mapping_type: "*", mapping: { type: "double" } } },
    { texts: { match_mapping_type: "string", mapping: { type: "keyword", ignore_above: 1024 } } },
  ],
  properties: {
    "@timestamp": { type: "date" },
    message: { type: "text" },
    event: { properties: { original: UNSEARCHED } },
    system: { properties: { load: { properties: { ...LOADS, norm: { properties: LOADS } } } } },
  },
};

const template = (pattern: string, isStream: boolean) => ({
  index_patterns: [pattern],
  priority: 500,
  ...(isStream ? { data_stream: {} } : {}),
  template: {
    settings: { number_of_shards: 1, number_of_replicas: 0, refresh_interval: "1s" },
    mappings: MAPPINGS,
  },
});

/** Index templates by name; both stores get the same. */
export const TEMPLATES: Readonly<Record<string, object>> = {
  "bench-metricbeat": template("metricbeat-*", true),
  "bench-filebeat": template("filebeat-*", true),
  "bench-packetbeat": template("packetbeat-*", true),
  "bench-chain": template(CHAIN_INDEX, false),
};
