import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Sender, startSender } from "./ask.ts";
import { tools } from "./tools.ts";

const PIPELINE = "telegraf";
export const METRICS_INDEX = "telegraf-metrics";
export const LINES_INDEX = "telegraf-lines";

/**
 * Telegraf as a user sets it up on a node's server: CPU, memory and load every second, and the lines of a log file,
 * through its Elasticsearch output. A pipeline gives its documents their ECS names: the server is the node's.
 */
export async function startTelegraf(input: {
  /** For its configuration. */
  directory: string;
  /** Of Elasticsearch's API. */
  url: string;
  host: string;
  file: string;
  client: string;
}): Promise<Sender> {
  const { directory, url, host, file, client } = input;
  const put = await fetch(`${url}/_ingest/pipeline/${PIPELINE}`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(pipelineFor(client)),
  });
  if (put.status !== 200) throw new Error(`The pipeline was refused: ${put.status} ${await put.text()}`);
  const output = (index: string, filter: string) => `
[[outputs.elasticsearch]]
  urls = ["${url}"]
  index_name = "${index}-%Y.%m.%d"
  enable_sniffer = false
  enable_gzip = true
  health_check_interval = "0s"
  manage_template = true
  template_name = "${index}"
  overwrite_template = false
  use_pipeline = "${PIPELINE}"
  ${filter}
`;
  const config = `
[agent]
  interval = "1s"
  flush_interval = "1s"
  hostname = "${host}"
  metric_buffer_limit = 50000
[[inputs.cpu]]
  percpu = false
  totalcpu = true
[[inputs.mem]]
[[inputs.system]]
[[inputs.tail]]
  files = ["${file}"]
  initial_read_offset = "beginning"
  max_undelivered_lines = 10000
  data_format = "value"
  data_type = "string"
${output(METRICS_INDEX, 'namedrop = ["tail"]')}${output(LINES_INDEX, 'namepass = ["tail"]')}`;
  const configFile = join(directory, "telegraf.conf");
  await writeFile(configFile, config);
  return startSender(tools.telegraf.program, ["--config", configFile]);
}

function pipelineFor(client: string): object {
  const isLine = "ctx.measurement_name == 'tail'";
  return {
    processors: [
      { set: { field: "host.name", copy_from: "tag.host" } },
      { rename: { field: "tail.value", target_field: "message", if: isLine } },
      { rename: { field: "tag.path", target_field: "log.file.path", if: isLine } },
      { set: { field: "service.type", value: client, if: isLine } },
      { pipeline: { name: "ethmon-client-logs", if: isLine } },
    ],
  };
}
