import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deployed, readAction } from "../deploy/read-files.ts";
import { type Sender, startSender } from "./ask.ts";

/** What of the shipped action belongs to how it is used there, not to how it sends. */
const PLACE = [
  "server",
  "serverport",
  "template",
  "searchIndex",
  "bulkid",
  "pipelineName",
  "uid",
  "pwd",
  "queue.filename",
];

/**
 * rsyslog as a user sets it up: follows files with imfile, and sends their lines as `deploy/rsyslog.conf` does. A line's
 * `_id` is its place in the file, so that what is sent again is not doubled.
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
  const shipped = [...readAction(deployed("rsyslog.conf"))].filter(([name]) => !PLACE.includes(name));
  const sending = shipped.map(([name, value]) => `${name}="${value}"`).join(" ");
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
  action(${sending} server="http://${hostname}" serverport="${port}" template="line" searchIndex="${index}"
    bulkid="place" queue.filename="lines" errorFile="${join(directory, "errors.json")}")
}
${inputs.join("\n")}
`;
  const configFile = join(directory, "rsyslog.conf");
  await writeFile(configFile, config);
  return startSender("rsyslogd", ["-n", "-f", configFile, "-i", join(directory, "rsyslog.pid")]);
}

/**
 * rsyslog with the file that is shipped, all but the monitor's address and its user; `port` takes syslog over TCP, as the
 * machine's own programs would write it.
 */
export async function startShippedRsyslog(input: { directory: string; url: string; port: number }): Promise<Sender> {
  const { directory, url, port } = input;
  const { hostname, port: elasticPort } = new URL(url);
  const state = join(directory, "shipped-state");
  await mkdir(state, { recursive: true });
  const shipped = deployed("rsyslog.conf")
    .replace('server="127.0.0.1"', `server="http://${hostname}"`)
    .replace('serverport="9200"', `serverport="${elasticPort}"`)
    .replace(/^ *(?:uid|pwd)=.*\n/gm, "");
  const config = `
global(workDirectory="${state}")
module(load="imptcp")
input(type="imptcp" address="127.0.0.1" port="${port}")
${shipped}`;
  const configFile = join(directory, "shipped.conf");
  await writeFile(configFile, config);
  return startSender("rsyslogd", ["-n", "-f", configFile, "-i", join(directory, "shipped.pid")]);
}
