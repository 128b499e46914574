import { z } from "zod";
import { type AlertSettings, alertsSchema } from "../alert/schema.ts";
import { lumberjackSchema } from "../collect/lumberjack/limits.ts";
import { elasticFaceSchema } from "../serve/elastic/schema.ts";
import { publicSchema } from "../serve/public/schema.ts";
import { elasticStoreSchema } from "../store/elastic/settings.ts";

/** The configuration file. Every key is described here; docs/config.md is made from it. */
export const configSchema = z.strictObject({
  nodes: z
    .array(
      z.strictObject({
        name: z
          .string()
          .regex(/^[A-Za-z0-9_.-]{1,64}$/, "may hold letters, digits, '_', '.' and '-', at most 64")
          .optional()
          .describe("Name in documents and on screens; the URL's host where it is left out."),
        url: z
          .string()
          .min(1)
          .describe("Beacon API of the node. `${NAME}` is replaced by the environment variable, for credentials."),
        hosts: z
          .array(z.string().min(1).max(255))
          .max(64)
          .default([])
          .describe(
            "Names of the servers and containers that the node runs on, as Beats send them (`host.name`, " +
              "`container.name`, `labels.node`): what comes from them belongs to this node. Its own name always does.",
          ),
      }),
    )
    .default([])
    .describe("The beacon nodes to watch, all of one network. Without any, the bundled recording is shown."),
  data_directory: z
    .string()
    .min(1)
    .optional()
    .describe("Where journal and database live. Default: `$XDG_DATA_HOME/ethmon`, else `~/.local/share/ethmon`."),
  host: z.string().min(1).default("127.0.0.1").describe("Address to listen on; loopback only, until there are keys."),
  port: z.int().min(0).max(65_535).default(8420).describe("Port of web pages, API and /metrics; 0 takes any free one."),
  allowed_hosts: z
    .array(z.string().min(1))
    .default([])
    .describe("Names besides localhost under which this server may be asked, for a reverse proxy."),
  clock: z
    .strictObject({
      ntp_servers: z
        .array(
          z.string().regex(/^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::\d{1,5})?$/, "must be `host` or `host:port`"),
        )
        .max(8)
        .default(["pool.ntp.org", "time.cloudflare.com"])
        .describe(
          "Time servers that tell how far this machine's clock is off, `host` or `host:port`; an empty list asks none. " +
            "Arrivals keep the machine's stamps: keep its clock right with chrony or systemd-timesyncd.",
        ),
    })
    .prefault({})
    .describe("How the clock that stamps arrivals is checked."),
  store: z
    .strictObject({
      elasticsearch: elasticStoreSchema
        .optional()
        .describe("An Elasticsearch 8 or OpenSearch 2 or 3 that holds the documents instead of the embedded database."),
    })
    .prefault({})
    .describe(
      "Where documents are stored; docs/elasticsearch.md. Default: the embedded database, in the data directory.",
    ),
  retention: z
    .strictObject({
      votes_hours: z
        .int()
        .min(1)
        .max(87_600)
        .default(24)
        .describe("Hours for which votes and data columns are kept at least; a UTC day of them is dropped whole."),
      raw_days: z
        .int()
        .min(1)
        .max(3_650)
        .default(30)
        .describe("Days for which the other events and answers of the nodes are kept at least, and quarantine."),
      disk_gb: z
        .number()
        .min(1)
        .max(1_000_000)
        .default(20)
        .describe(
          "The most that database and journal may take, GB (10^9 bytes): votes go first, the oldest day before others. With " +
            "a cluster, the most that its journal may take while the cluster is away; more is refused and counted.",
        ),
    })
    .prefault({})
    .describe(
      "How long documents are kept. Derived documents and gaps stay for ever; docs/datasets.md says which dataset is which.",
    ),
  validators: z
    .strictObject({
      labels: z
        .string()
        .min(1)
        .optional()
        .describe(
          "Path of a file that says which validators are yours, read at the start: a line `<index | first-last | 0xpubkey> " +
            "<group> [@node ...]` for each, `#` begins a comment. Their duties are judged; docs/duties.md.",
        ),
      set_every_epochs: z
        .int()
        .min(0)
        .max(1_000_000)
        .default(225)
        .describe(
          "The validator set is asked for at the start and then every so many epochs: votes weigh by its effective " +
            "balances, and labels by public key are found in it. Mainnet's answer is some hundred MB; 0 never asks.",
        ),
    })
    .prefault({})
    .describe("Your own validators, and what all of them weigh."),
  elastic: elasticFaceSchema
    .optional()
    .describe("Elasticsearch's API for Beats and other clients; opens with this section, or with `--elastic`."),
  beats: lumberjackSchema
    .optional()
    .describe("Lumberjack, for Beats' `output.logstash`; opens with this section, or with `--beats`."),
  public: publicSchema
    .optional()
    .describe(
      "Serves the dashboards read-only to anybody; docs/public.md. Opens with this section, or with `--public`.",
    ),
  alerts: alertsSchema
    .optional()
    .describe("Where alerts are sent; docs/alerts.md. Without this section they are kept, shown and logged."),
  log_level: z
    .enum(["debug", "info", "warn", "error", "silent"])
    .default("info")
    .describe("Least level that is logged."),
});

export type Config = Omit<z.output<typeof configSchema>, "alerts"> & { alerts?: AlertSettings | undefined };
