/** A client whose logs are understood. */
export type Client = {
  name: string;
  title: string;
  layer: "consensus" | "execution";
  /** Matches the first line of an entry, other lines belong to the one before; Filebeat's `multiline.pattern` too. */
  firstLine: string;
  /** What else to know of its logs. */
  words: string;
};

const ISO_DAY = "\\d{4}-\\d{2}-\\d{2}";
const CLOCK = "\\d{2}:\\d{2}:\\d{2}";

/** Every client that has a pipeline, `ethmon-logs-<name>`. */
export const clients: readonly Client[] = [
  {
    name: "lighthouse",
    title: "Lighthouse",
    layer: "consensus",
    firstLine: `^(\\x1b\\[[0-9;]*m)*([A-Z][a-z]{2} \\d{2} ${CLOCK}\\.\\d{3}|\\{)`,
    words: "Local time without a year. `--log-format JSON` is understood, and the file log's `module:`.",
  },
  {
    name: "teku",
    title: "Teku",
    layer: "consensus",
    firstLine: `^(\\x1b\\[[0-9;]*m)*(${CLOCK}\\.\\d{3}|${ISO_DAY} ${CLOCK}\\.\\d{3}|\\{)`,
    words:
      "The console prints the time alone: ship the log file (`--log-destination`), which has the day and the zone, where you can.",
  },
  {
    name: "prysm",
    title: "Prysm",
    layer: "consensus",
    firstLine: `^(\\x1b\\[[0-9;]*m)*(\\[${ISO_DAY} |time=|\\{)`,
    words: "Times have no zone. `--log-format json` is understood.",
  },
  {
    name: "nimbus",
    title: "Nimbus",
    layer: "consensus",
    firstLine: `^(\\x1b\\[[0-9;]*m)*([A-Z]{3} ${ISO_DAY} |\\{)`,
    words: "`--log-format=json` is understood.",
  },
  {
    name: "lodestar",
    title: "Lodestar",
    layer: "consensus",
    firstLine: `^(\\x1b\\[[0-9;]*m)*([A-Z][a-z]{2}-\\d{2} ${CLOCK}\\.\\d{3}\\[|Eph -?\\d+/\\d+ |\\{)`,
    words:
      "Local time without a year. `--logFormat json` is understood. With `--logFormatGenesisTime` lines have epoch and slot of the epoch, but no time: the shipper's is kept.",
  },
  {
    name: "grandine",
    title: "Grandine",
    layer: "consensus",
    firstLine: `^(\\x1b\\[[0-9;]*m)*\\[?${ISO_DAY}T${CLOCK}`,
    words: "Made after Grandine's source: no lines of a running node were at hand.",
  },
  {
    name: "geth",
    title: "Geth",
    layer: "execution",
    firstLine: `^(\\x1b\\[[0-9;]*m)*((TRACE|DEBUG|INFO|WARN|ERROR|CRIT)(\\x1b\\[[0-9;]*m)* ?\\[|Fatal: |t=|\\{)`,
    words:
      "Local time without a year. A rejected block is an ERROR line with an empty message and a block of text after it. `--log.format json` and `logfmt` are understood.",
  },
  {
    name: "nethermind",
    title: "Nethermind",
    layer: "execution",
    firstLine: `^(\\x1b\\[[0-9;]*m)*(\\d{1,2} [A-Z][a-z]{2} ${CLOCK} |${ISO_DAY} ${CLOCK}\\.\\d+\\|)`,
    words: "The console prints no level: `log.level` and `error.type` are missing then. The log file has it.",
  },
  {
    name: "besu",
    title: "Besu",
    layer: "execution",
    firstLine: `^(\\x1b\\[[0-9;]*m)*(${ISO_DAY} ${CLOCK}\\.\\d{3}|\\{)`,
    words: "JSON is understood, also where the container's runtime has cut a long line.",
  },
  {
    name: "erigon",
    title: "Erigon",
    layer: "execution",
    firstLine: "^(\\x1b\\[[0-9;]*m)*(\\[(\\x1b\\[[0-9;]*m)*[A-Z]{4}(\\x1b\\[[0-9;]*m)*\\] |t=|\\{)",
    words: "Local time without a year. `--log.console.json` has Geth's form: name the client, or it is taken for Geth.",
  },
  {
    name: "reth",
    title: "Reth",
    layer: "execution",
    firstLine: `^(\\x1b\\[[0-9;]*m)*(${ISO_DAY}T${CLOCK}|ts=|\\{)`,
    words: "Times have microseconds and are kept so. `--log.stdout.format json` and `log-fmt` are understood.",
  },
];
