import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Sender, startSender } from "./ask.ts";

/**
 * rsyslog as a user sets it up: follows files with imfile, and sends their lines with omelasticsearch. A line's `_id` is
 * its place in the file, so that what is sent again is not doubled. A full queue waits: after two seconds, its default,
 * rsyslog throws lines away.
 */
export async function startRsyslog(input: {
  /** For its configuration and its state. */
  directory: string;
  /** Of Elasticsearch's API. */
  url: string;
  index: string;
  /** A file and the server that its lines are of. */
  files: readonly { path: string; host: string; client: string }[];
}): Promise<Sender> {
  const { directory, url, index, files } = input;
  const { hostname, port } = new URL(url);
  const state = join(directory, "state");
  await mkdir(state, { recursive: true });
  const inputs = files.map(
    ({ path, host, client }) =>
      `input(type="imfile" file="${path}" tag="${client}@${host}" addMetadata="on" ruleset="elastic")`,
  );
  const config = `
global(workDirectory="${state}")
module(load="imfile" mode="inotify")
module(load="omelasticsearch")
template(name="line" type="list" option.jsonf="on") {
  property(outname="@timestamp" name="timegenerated" dateFormat="rfc3339" format="jsonf")
  property(outname="message" name="msg" format="jsonf")
  property(outname="service.type" name="syslogtag" regex.type="ERE" regex.expression="^[^@]+" regex.submatch="0" format="jsonf")
  property(outname="host.name" name="syslogtag" regex.type="ERE" regex.expression="@(.*)" regex.submatch="1" format="jsonf")
  property(outname="log.file.path" name="$!metadata!filename" format="jsonf")
}
template(name="place" type="string" string="%syslogtag%:%$!metadata!fileoffset%")
ruleset(name="elastic") {
  action(type="omelasticsearch" server="http://${hostname}" serverport="${port}" template="line"
    searchIndex="${index}" searchType="" bulkmode="on" writeoperation="create" dynbulkid="on" bulkid="place" errorFile="${join(directory, "errors.json")}"
    queue.type="LinkedList" queue.size="50000" queue.dequeueBatchSize="200" queue.timeoutEnqueue="600000"
    queue.timeoutShutdown="10000" action.resumeRetryCount="-1")
}
${inputs.join("\n")}
`;
  const configFile = join(directory, "rsyslog.conf");
  await writeFile(configFile, config);
  return startSender("rsyslogd", ["-n", "-f", configFile, "-i", join(directory, "rsyslog.pid")]);
}
