import { readMediaType } from "../media-type.ts";
import type { FaceRoute } from "../route.ts";
import type { ElasticFaceConfig } from "../schema.ts";
import type { SettingsBook } from "../settings-book.ts";
import { versionFor } from "../versions.ts";

/** A date in the year 2100, milliseconds: nothing here expires, but clients want a number. */
const NEVER_MS = 4_102_444_800_000;
const ISSUED_MS = 1_704_067_200_000;
const NO_FEATURE = { available: false, enabled: false };

/** What a client asks before anything else: what this is, and whether it may be used. */
export function rootRoutes(deps: {
  settings: SettingsBook;
  config: ElasticFaceConfig;
  hasWatcher: boolean;
}): readonly FaceRoute[] {
  const { settings, config, hasWatcher } = deps;
  const license = {
    status: "active",
    uid: settings.clusterUuid,
    type: "basic",
    issue_date: new Date(ISSUED_MS).toISOString(),
    issue_date_in_millis: ISSUED_MS,
    expiry_date: new Date(NEVER_MS).toISOString(),
    expiry_date_in_millis: NEVER_MS,
    max_nodes: 1000,
    max_resource_units: null,
    issued_to: config.cluster_name,
    issuer: "elasticsearch",
    start_date_in_millis: -1,
  };
  return [
    {
      methods: ["GET", "HEAD"],
      paths: ["/"],
      privilege: "monitor",
      action: "cluster:monitor/main",
      handle: ({ headers }) => ({
        pretty: true,
        json: {
          name: config.cluster_name,
          cluster_name: config.cluster_name,
          cluster_uuid: settings.clusterUuid,
          version: {
            number: versionFor(headers, readMediaType(headers.accept, "Accept")?.compatibleWith),
            build_flavor: "default",
            build_type: "zip",
            build_hash: "ethmon",
            build_date: new Date(ISSUED_MS).toISOString(),
            build_snapshot: false,
            lucene_version: "9.12.0",
            minimum_wire_compatibility_version: "7.17.0",
            minimum_index_compatibility_version: "7.0.0",
          },
          tagline: "You Know, for Search",
        },
      }),
    },
    {
      methods: ["GET"],
      paths: ["/_license"],
      parameters: ["local", "accept_enterprise"],
      privilege: "monitor",
      action: "cluster:monitor/xpack/license/get",
      handle: () => ({ pretty: true, json: { license } }),
    },
    {
      methods: ["GET"],
      paths: ["/_xpack"],
      parameters: ["categories", "accept_enterprise"],
      privilege: "monitor",
      action: "cluster:monitor/xpack/info",
      handle: () => ({
        json: {
          build: { hash: "ethmon", date: new Date(ISSUED_MS).toISOString() },
          license: {
            uid: license.uid,
            type: "basic",
            mode: "basic",
            status: "active",
            expiry_date_in_millis: NEVER_MS,
          },
          features: {
            data_streams: { available: true, enabled: true },
            ilm: { available: true, enabled: true },
            security: { available: true, enabled: true },
            ml: NO_FEATURE,
            watcher: { available: hasWatcher, enabled: hasWatcher },
            graph: NO_FEATURE,
            transform: NO_FEATURE,
          },
          tagline: "You know, for X",
        },
      }),
    },
  ];
}
