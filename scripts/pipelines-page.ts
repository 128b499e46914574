import { type Client, clients } from "../src/ingest/client-logs/clients.ts";
import { errorClasses } from "../src/ingest/client-logs/error-classes.ts";
import { clientLogsPipeline, readShippedPipelines } from "../src/ingest/client-logs/shipped-pipelines.ts";
import { methods, types } from "../src/ingest/condition/methods.ts";
import { MAX_RUNS } from "../src/ingest/course.ts";
import { MAX_DEPTH, MAX_FIELDS } from "../src/ingest/document/expand.ts";
import { standardPatterns } from "../src/ingest/grok/bank/bank.ts";
import type { ProcessorKind, ProcessorOption } from "../src/ingest/processors/processor.ts";
import { commonOptions, processorKinds, refusedProcessors } from "../src/ingest/processors/table.ts";
import { MAX_SEARCHED, MAX_STEPS } from "../src/ingest/regex/regex.ts";

/** The page docs/pipelines.md: the shipped pipelines, and what a pipeline may hold, as the code has it. */
export function pipelinesPage(): string {
  return [
    ...HEAD,
    ...shippedSection(),
    ...FIELDS,
    ...errorClassSection(),
    ...multilineSection(),
    "## Processors",
    "",
    "What every processor may have:",
    "",
    ...optionTable(commonOptions),
    ...processorKinds.flatMap(processorSection),
    "Refused by name when a pipeline is put:",
    "",
    ...Object.entries(refusedProcessors).map(([name, why]) => `- \`${name}\`: ${why}`),
    "",
    ...conditionSection(),
    ...TEMPLATES,
    ...grokSection(),
    ...DIFFERENCES,
  ]
    .join("\n")
    .trimEnd()
    .concat("\n");
}

const HEAD: readonly string[] = [
  "# Ingest pipelines",
  "",
  "Documents of others (Beats, agents, anything that speaks to Elasticsearch) pass through pipelines before they are",
  "stored. A pipeline is Elasticsearch's JSON: `description`, `version`, `processors`, `on_failure`, `_meta`. It is",
  "compiled when it is put; what is not understood wholly is refused then, with Elasticsearch's error.",
  "",
  "On port 9200, `PUT /_ingest/pipeline/<name>` keeps a pipeline, `POST /_ingest/pipeline/<name>/_simulate` tries it on `docs`",
  "and `GET /_ingest/pipeline` tells all. A document goes through the one that its request names (`?pipeline=`), else through",
  "its index's `index.default_pipeline`, then through `index.final_pipeline`.",
  "",
  "A document is held to bounds on its way: names with dots and nested objects are one field (two",
  "values of one field become a list; an object beside a plain value is refused), at most",
  `${MAX_FIELDS} fields and ${MAX_DEPTH} levels, texts of at most a million characters, no \`__proto__\`.`,
  "What becomes of it then, and of documents without a pipeline: [documents-of-others.md](documents-of-others.md).",
  "",
];

function shippedSection(): string[] {
  const rows = [...readShippedPipelines()].map(
    ([id, { description }]) => `| \`${id}\` | ${cell(String(description))} |`,
  );
  return [
    "## Pipelines that come with the program",
    "",
    `Client logs go through \`${clientLogsPipeline}\`, the raw line in \`message\`, where their shipper tells whose they are, and`,
    `with \`pipeline: ${clientLogsPipeline}\`. The client is found by the names`,
    "that the shipper knows (`service.type`, `labels.client`, container, unit, program, file), else by the form of the",
    "line. A client's own pipeline can be named instead. They are the files of `pipelines/`, in Elasticsearch's own language:",
    "OpenSearch 3.8 makes the same documents of the same lines, but for dates without a year or a day (below), once",
    "`copy_from`, which its `set` lacks, is replaced. On Elasticsearch they were not run.",
    "",
    "| pipeline | what it does |",
    "|---|---|",
    ...rows,
    "",
  ];
}

const FIELDS: readonly string[] = [
  "| field | meaning |",
  "|---|---|",
  "| `@timestamp` | the line's own time, UTC, microseconds; the shipper's where the line has none |",
  "| `message` | the words, without head and fields; further lines that are no stack trace stay in it |",
  "| `event.original` | the whole line as it came |",
  "| `log.level` | `trace`, `debug`, `info`, `notice`, `warn`, `error`, `critical`; missing where the client prints none |",
  "| `log.logger` | component, module or class |",
  "| `service.type` | the client |",
  "| `ethereum.slot`, `ethereum.epoch`, `ethereum.slot_index` | where the line names them |",
  "| `ethereum.block.root`, `ethereum.block.hash` | 0x and 64 digits |",
  "| `ethereum.block.root_prefix`, `ethereum.block.hash_prefix` | the digits that an abbreviated one begins with |",
  "| `ethereum.block.number`, `ethereum.peers` | |",
  "| `error.message`, `error.stack_trace`, `error.type` | of lines from `warn` on, and of those that tell an error |",
  "| `event.kind`, `event.category`, `event.type` | `event`; `process`, `network`, `database` or `configuration`; `info` or `error` |",
  "| `tags` | `ethmon_unknown_client`: nobody's form; `ethmon_pipeline_failed`, with `event.kind: pipeline_error` |",
  "",
  "Times without a zone are read by `event.timezone` (Filebeat's `add_locale`), else as UTC.",
  "",
];

function errorClassSection(): string[] {
  return [
    "### Classes of errors",
    "",
    "`error.type` is one of these, the first that fits by the words of the line and by its component:",
    "",
    "| class | meaning |",
    "|---|---|",
    ...Object.entries(errorClasses).map(([name, words]) => `| \`${name}\` | ${words} |`),
    "",
  ];
}

function multilineSection(): string[] {
  return [
    "### Entries of several lines",
    "",
    "Stack traces and the like are joined best where the lines are read, in Filebeat's `filestream` input:",
    "",
    "```yaml",
    "parsers:",
    "  - multiline:",
    "      type: pattern",
    "      pattern: '…'        # the client's, from the table",
    "      negate: true",
    "      match: after",
    "      max_lines: 500",
    "      timeout: 2s",
    "processors:",
    "  - add_locale: ~         # the zone of times that name none",
    "```",
    "",
    "| client | pattern of a first line | to know |",
    "|---|---|---|",
    ...clients.map(clientRow),
    "",
  ];
}

function clientRow({ title, firstLine, words }: Client): string {
  return `| ${title} | \`${cell(firstLine)}\` | ${cell(words)} |`;
}

function processorSection({ type, words, options }: ProcessorKind): string[] {
  return [`### ${type}`, "", words, "", ...(options.length === 0 ? [] : optionTable(options))];
}

function optionTable(options: readonly ProcessorOption[]): string[] {
  return [
    "| option | default | meaning |",
    "|---|---|---|",
    ...options.map(({ name, words, required, preset }) => {
      const shown = required === true ? "required" : preset === undefined || preset === "" ? "" : `\`${preset}\``;
      return `| \`${name}\` | ${shown} | ${cell(words)} |`;
    }),
    "",
  ];
}

function conditionSection(): string[] {
  return [
    "## Conditions",
    "",
    "`if` is a small part of Painless: members of `ctx` (`ctx.a.b`, `ctx?.a?.b`, `ctx['a']`, `ctx.list[0]`), texts, numbers,",
    "`true`, `false`, `null`, lists of them, `==`, `!=`, `<`, `<=`, `>`, `>=`, `&&`, `||`, `!`, parentheses, `instanceof` with",
    `${Object.keys(types)
      .map((name) => `\`${name}\``)
      .join(", ")}, \`=~\` and \`==~\` with a regular`,
    "expression (flag `i`), and these methods. Anything else is refused when the pipeline is put. A member or a method of",
    "null fails the document, as in Painless.",
    "",
    "| method | of |",
    "|---|---|",
    ...Object.entries(methods).map(
      ([name, method]) => `| \`${name}(${method.arguments === 0 ? "" : "x"})\` | ${method.words} |`,
    ),
    "",
  ];
}

const TEMPLATES: readonly string[] = [
  "## Templates",
  "",
  "`{{{path}}}` in a text stands for the field's value, `{{path}}` for the value escaped for JSON, as in Elasticsearch. A",
  "missing field is nothing, lists and objects are JSON. `_ingest.timestamp`, `_ingest.pipeline` and, in `on_failure`,",
  "`_ingest.on_failure_message`, `_processor_type`, `_processor_tag`, `_pipeline` are fields too. Sections are refused.",
  "",
];

function grokSection(): string[] {
  return [
    "## Patterns of grok",
    "",
    "Regular expressions are matched by the program's own matcher, which counts its steps: a search that needs more than",
    `${MAX_STEPS}, some ten milliseconds, fails the document. So no line that a stranger made can stop the others.`,
    "",
    "The standard patterns have the names and the Elastic Common Schema's fields of Elasticsearch's bank (`v1`). Those of",
    "products that do not stand beside nodes (firewalls, mail, backup) are not in it; a pipeline that names one is refused.",
    "",
    Object.keys(standardPatterns)
      .map((name) => `\`${name}\``)
      .join(", "),
    "",
  ];
}

const DIFFERENCES: readonly string[] = [
  "## Known differences from Elasticsearch",
  "",
  "- Dates without a year or a day are completed by `@timestamp`, see the date processor.",
  "- `grok` knows the `v1` patterns alone, whatever the preset of Elasticsearch.",
  "- Integers beyond 2^53 are kept as their decimal text.",
  `- One document may cost at most ${MAX_RUNS} runs of processors; a text of more than ${MAX_SEARCHED} characters is not searched.`,
  "- Options of processors that are not in the tables are refused, not ignored.",
];

function cell(words: string): string {
  return words.replaceAll("|", "\\|");
}
