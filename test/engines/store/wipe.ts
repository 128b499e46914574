/** Removes every document, index and data stream of ours from a test's cluster. */
export async function wipe(url: string): Promise<void> {
  const streams = await ask(url, "DELETE", "/_data_stream/logs-*,metrics-*,traces-*");
  if (streams === 405) await emptyStreams(url);
  // An engine may not take patterns for what is deleted.
  const names = await (await fetch(`${url}/_cat/indices?h=index`)).text();
  for (const name of names.split("\n").filter((line) => line !== "" && !line.startsWith("."))) {
    await ask(url, "DELETE", `/${name.trim()}`);
  }
}

/** Elasticsearch for tests makes data streams and cannot remove them: their documents go one by one. */
async function emptyStreams(url: string): Promise<void> {
  await ask(url, "POST", "/_refresh");
  const response = await fetch(`${url}/logs-*/_search?size=10000&_source=false`);
  const { hits } = (await response.json()) as { hits: { hits: { _index: string; _id: string }[] } };
  if (hits.hits.length === 0) return;
  const lines = hits.hits.map(({ _index, _id }) => JSON.stringify({ delete: { _index, _id } }));
  await ask(url, "POST", "/_bulk?refresh=true", `${lines.join("\n")}\n`);
  await emptyStreams(url);
}

async function ask(url: string, method: string, path: string, body?: string): Promise<number> {
  const headers = { "content-type": "application/x-ndjson" };
  const response = await fetch(`${url}${path}`, { method, ...(body === undefined ? {} : { body, headers }) });
  const text = await response.text();
  if (response.ok || [404, 405].includes(response.status)) return response.status;
  throw new Error(`The cluster was not emptied: ${path} ${text}`);
}
