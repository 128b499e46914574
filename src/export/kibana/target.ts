export const TARGETS = ["kibana-8", "kibana-9", "opensearch-dashboards-2", "opensearch-dashboards-3"] as const;
/** Whose saved objects are written; Kibana 8 from 8.9 on. */
export type Target = (typeof TARGETS)[number];

export type ObjectType = "index-pattern" | "visualization" | "search" | "dashboard";

type Kibana = {
  family: "kibana";
  name: string;
  major: number;
  /** The oldest minor version that reads what is written. */
  leastMinor: number;
  header: "kbn-xsrf";
  /** Each object is brought from this version of its type to the one that Kibana has. */
  typeMigrationVersion: Readonly<Record<ObjectType, string>>;
  /** `controlGroupInput.showApplySelections` came with the second model of dashboards. */
  hasApplySelections: boolean;
};

type OpenSearchDashboards = {
  family: "opensearch-dashboards";
  name: string;
  major: number;
  leastMinor: number;
  header: "osd-xsrf";
};

export type TargetFacts = Kibana | OpenSearchDashboards;

/** The fork's saved objects are those of Kibana 7.10. */
export const MIGRATION_VERSION_OF_FORK: Readonly<Record<ObjectType, string>> = {
  "index-pattern": "7.6.0",
  visualization: "7.10.0",
  search: "7.9.3",
  dashboard: "7.9.3",
};

const KIBANA_TYPES = { "index-pattern": "8.0.0", visualization: "8.5.0", search: "8.0.0" };

const FACTS: Readonly<Record<Target, TargetFacts>> = {
  "kibana-8": {
    family: "kibana",
    name: "Kibana",
    major: 8,
    leastMinor: 9,
    header: "kbn-xsrf",
    typeMigrationVersion: { ...KIBANA_TYPES, dashboard: "8.9.0" },
    hasApplySelections: false,
  },
  "kibana-9": {
    family: "kibana",
    name: "Kibana",
    major: 9,
    leastMinor: 0,
    header: "kbn-xsrf",
    typeMigrationVersion: { ...KIBANA_TYPES, dashboard: "10.2.0" },
    hasApplySelections: true,
  },
  "opensearch-dashboards-2": fork(2),
  "opensearch-dashboards-3": fork(3),
};

function fork(major: number): OpenSearchDashboards {
  return { family: "opensearch-dashboards", name: "OpenSearch Dashboards", major, leastMinor: 0, header: "osd-xsrf" };
}

export function factsOf(target: Target): TargetFacts {
  return FACTS[target];
}
