/** One operation of a `_bulk`. */
export type Line = {
  action: "create" | "index" | "delete";
  index: string;
  id: string;
  version: number | undefined;
  source: Record<string, unknown> | undefined;
};
/** What is told of one operation. */
export type Item = { status: number; result?: string; error?: { type: string; reason: string } };

/** The indices of a cluster in memory, with the rules of versions that an engine has. */
export type FakeIndices = {
  /** Sources by id, in the order of their making. */
  documents(index: string): Map<string, Record<string, unknown>>;
  names(): string[];
  remove(index: string): void;
  /** A data stream begins a new index; resolves with the name that the old one has now. */
  rollOver(stream: string): string;
  bulk(lines: readonly Line[], ofLine?: (line: Line, at: number) => Item | undefined): object;
  respond(request: { method: string; path: string; body: object }): { status: number; body: object };
};

type Stored = { version: number; source: Record<string, unknown> | undefined };

export function createFakeIndices({ makesIndices }: { makesIndices: boolean }): FakeIndices {
  const indices = new Map<string, Map<string, Stored>>();
  const templates = new Map<string, object>();

  const take = ({ action, index, id, version = 1, source }: Line): Item => {
    if (!indices.has(index)) {
      if (!makesIndices) return failed(404, "index_not_found_exception", `no such index [${index}]`);
      indices.set(index, new Map());
    }
    const documents = indices.get(index) as Map<string, Stored>;
    const there = documents.get(id);
    const isThere = there?.source !== undefined;
    if (action === "create" && isThere) return conflict(id);
    // The version of what was deleted counts, too.
    if (action !== "create" && there !== undefined && there.version >= version) return conflict(id);
    documents.set(id, { version, source });
    if (action === "delete") return isThere ? { status: 200, result: "deleted" } : { status: 404, result: "not_found" };
    return isThere ? { status: 200, result: "updated" } : { status: 201, result: "created" };
  };

  const fitting = (names: string): [string, Map<string, Stored>][] => {
    const patterns = names.split(",");
    return [...indices].filter(([name]) => {
      const stream = name.replace(/^\.ds-(.*)-\d+$/, "$1");
      return patterns.some((pattern) => matches(pattern, stream));
    });
  };
  const found = (names: string): [string, string, Record<string, unknown>][] =>
    fitting(names).flatMap(([name, documents]) =>
      [...documents].flatMap(([id, { source }]): [string, string, Record<string, unknown>][] =>
        source === undefined ? [] : [[name, id, source]],
      ),
    );

  const template = ({ method, name, body }: { method: string; name: string; body: object }): object => {
    if (method === "PUT") templates.set(name, body);
    const fitting = [...templates].filter(([one]) => method === "GET" && matches(name, one));
    return {
      acknowledged: true,
      index_templates: fitting.map(([one, told]) => ({ name: one, index_template: told })),
    };
  };

  type Search = { size?: number; query?: { ids?: { values: readonly string[] } } };
  const search = (names: string, { size = 10, query }: Search): object => {
    const wanted = query?.ids === undefined ? undefined : new Set(query.ids.values);
    const all = found(names).filter(([, id]) => wanted === undefined || wanted.has(id));
    const hits = all.sort(([, , a], [, , b]) => Number(a["_seq"]) - Number(b["_seq"]));
    const shards = fitting(names).length;
    return {
      timed_out: false,
      _shards: { total: shards, successful: shards, failed: 0 },
      hits: {
        total: { value: hits.length, relation: "eq" },
        hits: hits.slice(0, size).map(([name, id, { _seq, ...source }]) => {
          return { _index: name, _id: id, _source: source, sort: [_seq] };
        }),
      },
    };
  };

  const stats = (names: string): object =>
    Object.fromEntries(
      fitting(names).map(([name, { size }]) => [
        name,
        { total: { store: { size_in_bytes: size } }, primaries: { docs: { count: size } } },
      ]),
    );

  return {
    documents(index) {
      const documents = [...(indices.get(index) ?? [])];
      return new Map(documents.flatMap(([id, { source }]) => (source === undefined ? [] : [[id, source]])));
    },
    names: () => [...indices.keys()],
    remove: (index) => void indices.delete(index),
    rollOver(stream) {
      const name = `.ds-${stream}-000001`;
      indices.set(name, indices.get(stream) ?? new Map());
      indices.set(stream, new Map());
      return name;
    },
    bulk(lines, ofLine) {
      const items = lines.map((line, at) => ({ [line.action]: ofLine?.(line, at) ?? take(line) }));
      return { errors: items.some((item) => Object.values(item).some(({ error }) => error !== undefined)), items };
    },
    respond({ method, path, body }) {
      const [, first = "", second = "", third = ""] = path.split("/");
      if (first === "_index_template") return { status: 200, body: template({ method, name: second, body }) };
      if (second === "_search") return { status: 200, body: search(first, body) };
      if (second === "_refresh") return { status: 200, body: { _shards: { total: 1, successful: 1, failed: 0 } } };
      if (second === "_stats") return { status: 200, body: { indices: stats(first) } };
      if (second === "_rollover") return { status: 200, body: { rolled_over: false } };
      if (second === "_mapping") return { status: 200, body: {} };
      if (second === "_create") {
        const item = take({ action: "create", index: first, id: third, version: 1, source: { ...body } });
        if (item.error === undefined || item.status === 409) return { status: item.status, body: item };
        indices.set(first, new Map([[third, { version: 1, source: { ...body } }]]));
        return { status: 201, body: {} };
      }
      if (second === "_doc" && method === "GET") {
        const source = indices.get(first)?.get(third)?.source;
        if (source === undefined) return { status: 404, body: { found: false } };
        return { status: 200, body: { found: true, _source: source } };
      }
      const name = first === "_data_stream" ? second : first;
      if (method !== "PUT") return { status: 404, body: { error: { type: "not_found", reason: path } } };
      if (indices.has(name)) {
        return { status: 400, body: { error: { type: "resource_already_exists_exception", reason: name } } };
      }
      indices.set(name, new Map());
      return { status: 200, body: { acknowledged: true } };
    },
  };
}

function matches(pattern: string, name: string): boolean {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${escaped}$`).test(name);
}

function failed(status: number, type: string, reason: string): Item {
  return { status, error: { type, reason } };
}

function conflict(id: string): Item {
  return failed(409, "version_conflict_engine_exception", `[${id}]: version conflict`);
}
