import type { JsonObject } from "../../../events/foreign.ts";

const SCALED = { type: "scaled_float", scaling_factor: 1000 };
const WORDS = { type: "match_only_text" };
const NUMBERS = ["long", "double"];

/**
 * What data streams of logs, metrics and traces have from the beginning: the dynamic templates of Elasticsearch's own
 * `ecs@mappings` and `data-streams@mappings`, and the types of those numbers that Beats send whole or broken, as it
 * comes: shares (`*.pct`) and loads. All other texts are keywords.
 */
export function ecsMapping(stream?: { type: string; dataset: string; namespace: string }): JsonObject {
  const constant = (value: string) => ({ type: "constant_keyword", value });
  return {
    date_detection: false,
    dynamic_templates: [
      {
        ecs_message_match_only_text: {
          path_match: ["message", "*.message"],
          unmatch_mapping_type: "object",
          mapping: WORDS,
        },
      },
      {
        ecs_non_indexed_keyword: {
          path_match: ["*event.original", "*gen_ai.agent.description"],
          mapping: { type: "keyword", index: false, doc_values: false },
        },
      },
      {
        ecs_non_indexed_long: {
          path_match: "*.x509.public_key_exponent",
          mapping: { type: "long", index: false, doc_values: false },
        },
      },
      { ecs_ip: { path_match: ["ip", "*.ip", "*_ip"], match_mapping_type: "string", mapping: { type: "ip" } } },
      {
        ecs_wildcard: {
          path_match: ["*.io.text", "*.message_id", "*registry.data.strings", "*url.path"],
          unmatch_mapping_type: "object",
          mapping: { type: "wildcard" },
        },
      },
      {
        ecs_path_match_wildcard_and_match_only_text: {
          path_match: ["*.body.content", "*url.full", "*url.original", "*.command_line", "*.stack_trace"],
          unmatch_mapping_type: "object",
          mapping: { type: "wildcard", fields: { text: WORDS } },
        },
      },
      {
        ecs_path_match_keyword_and_match_only_text: {
          path_match: [
            "*.title",
            "*.executable",
            "*.name",
            "*.working_directory",
            "*.full_name",
            "*file.path",
            "*file.target_path",
            "*os.full",
            "*email.subject",
            "*vulnerability.description",
            "*user_agent.original",
          ],
          unmatch_mapping_type: "object",
          mapping: { type: "keyword", ignore_above: 1024, fields: { text: WORDS } },
        },
      },
      {
        ecs_date: {
          path_match: [
            "*.timestamp",
            "*_timestamp",
            "*.not_after",
            "*.not_before",
            "*.accessed",
            "created",
            "*.created",
            "*.installed",
            "*.creation_date",
            "*.ctime",
            "*.mtime",
            "ingested",
            "*.ingested",
            "*.start",
            "*.end",
            "*.indicator.first_seen",
            "*.indicator.last_seen",
            "*.indicator.modified_at",
            "*threat.enrichments.matched.occurred",
          ],
          match_mapping_type: "string",
          mapping: { type: "date" },
        },
      },
      {
        ecs_path_match_float: {
          path_match: ["*.score.*", "*_score*"],
          match_mapping_type: NUMBERS,
          mapping: { type: "float" },
        },
      },
      { ecs_usage_double_scaled_float: { path_match: "*.usage", match_mapping_type: NUMBERS, mapping: SCALED } },
      { beats_share: { path_match: ["*.pct", "*_pct"], match_mapping_type: NUMBERS, mapping: SCALED } },
      {
        beats_load: {
          path_match: ["system.load.1", "system.load.5", "system.load.15", "system.load.norm.*"],
          match_mapping_type: NUMBERS,
          mapping: { type: "scaled_float", scaling_factor: 100 },
        },
      },
      { beats_gauge: { path_match: "prometheus.*", match_mapping_type: NUMBERS, mapping: { type: "double" } } },
      { ecs_geo_point: { path_match: "*.geo.location", mapping: { type: "geo_point" } } },
      {
        ecs_flattened: {
          path_match: ["*structured_data", "*exports", "*imports"],
          match_mapping_type: "object",
          mapping: { type: "flattened" },
        },
      },
      { all_strings_to_keywords: { match_mapping_type: "string", mapping: { type: "keyword", ignore_above: 1024 } } },
    ],
    properties: {
      "@timestamp": { type: "date" },
      ...(stream === undefined
        ? {}
        : {
            data_stream: {
              properties: {
                type: constant(stream.type),
                dataset: constant(stream.dataset),
                namespace: constant(stream.namespace),
              },
            },
          }),
    },
  };
}
