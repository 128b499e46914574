import type { Json } from "../../../events/document.ts";
import type { IndexAdmin, JsonObject } from "../../../events/foreign.ts";
import { refusal } from "../../../events/refusal.ts";
import { readDurationMs } from "../../../events/time-value.ts";
import { INDICES_PARAMETERS, indicesOptionsOf } from "../index-names.ts";
import type { Names } from "../names.ts";
import type { FaceAnswer, FaceRequest, FaceRoute } from "../route.ts";
import type { SettingsBook } from "../settings-book.ts";
import { templateFor } from "../templates.ts";

const ACKNOWLEDGED: FaceAnswer = { json: { acknowledged: true } };
const TIMEOUTS = ["master_timeout", "timeout"];
const LIFECYCLE = ["data_retention", "enabled", "downsampling"];

/** Data streams: those that hold documents, and those that were put. What of a lifecycle the store heeds: `keptForMs`. */
export function dataStreamRoutes(deps: {
  names: Names;
  settings: SettingsBook;
  admin: IndexAdmin;
}): readonly FaceRoute[] {
  const { names, settings, admin } = deps;
  const found = async ({ path, parameters, signal }: FaceRequest) => {
    const options = indicesOptionsOf(parameters);
    const wanted = new Set(await names.resolve({ expression: path["name"], options, signal }));
    const views = await names.views(signal);
    return views.filter(({ name, kind }) => kind === "data_stream" && wanted.has(name));
  };
  const told = (name: string): JsonObject => {
    const template = templateFor(name, settings)?.name;
    const lifecycle = settings.get("data_stream", name)?.["lifecycle"];
    return {
      name,
      timestamp_field: { name: "@timestamp" },
      // A stream is stored under its own name.
      indices: [{ index_name: name, index_uuid: name, managed_by: "Unmanaged", prefer_ilm: true }],
      generation: 1,
      status: "GREEN",
      ...(template === undefined ? {} : { template }),
      ...(lifecycle === undefined ? {} : { lifecycle }),
      next_generation_managed_by: "Unmanaged",
      prefer_ilm: true,
      hidden: false,
      system: false,
      allow_custom_routing: false,
      replicated: false,
      rollover_on_write: false,
    };
  };

  return [
    {
      methods: ["PUT"],
      paths: ["/_data_stream/{name}"],
      parameters: TIMEOUTS,
      privilege: "setup",
      action: "indices:admin/data_stream/create",
      async handle({ path: { name = "" }, signal }) {
        if ((await names.views(signal)).some((view) => view.name === name)) {
          throw refusal({
            type: "resource_already_exists_exception",
            reason: `data_stream [${name}] already exists`,
            status: 400,
          });
        }
        await admin.createStream(name);
        await settings.put("data_stream", name, {});
        return ACKNOWLEDGED;
      },
    },
    {
      methods: ["GET"],
      paths: ["/_data_stream", "/_data_stream/{name}"],
      parameters: [...INDICES_PARAMETERS, ...TIMEOUTS, "include_defaults", "verbose"],
      privilege: "monitor",
      action: "indices:admin/data_stream/get",
      handle: async (request) => ({ json: { data_streams: (await found(request)).map(({ name }) => told(name)) } }),
    },
    {
      methods: ["DELETE"],
      paths: ["/_data_stream/{name}"],
      parameters: [...INDICES_PARAMETERS, ...TIMEOUTS],
      privilege: "manage",
      action: "indices:admin/data_stream/delete",
      async handle(request) {
        const streams = await found(request);
        for (const { name } of streams) {
          await admin.remove(name);
          await settings.delete("data_stream", name);
        }
        return ACKNOWLEDGED;
      },
    },
    {
      methods: ["GET"],
      paths: ["/_data_stream/{name}/_lifecycle"],
      parameters: [...INDICES_PARAMETERS, ...TIMEOUTS, "include_defaults"],
      privilege: "monitor",
      action: "indices:admin/data_stream/lifecycle/get",
      async handle(request) {
        const streams = (await found(request)).map(({ name }): Json => {
          const lifecycle = settings.get("data_stream", name)?.["lifecycle"];
          return { name, ...(lifecycle === undefined ? {} : { lifecycle }) };
        });
        return { json: { data_streams: streams } };
      },
    },
    {
      methods: ["PUT"],
      paths: ["/_data_stream/{name}/_lifecycle"],
      parameters: [...INDICES_PARAMETERS, ...TIMEOUTS],
      privilege: "setup",
      action: "indices:admin/data_stream/lifecycle/put",
      async handle(request) {
        const body = (await request.body.optionalObject()) ?? {};
        const strange = Object.keys(body).find((key) => !LIFECYCLE.includes(key));
        if (strange !== undefined) {
          const reason = `[1:1] [lifecycle] unknown field [${strange}]`;
          throw refusal({ type: "x_content_parse_exception", reason, status: 400 });
        }
        const { data_retention: retention } = body;
        if (retention !== undefined && retention !== null) readDurationMs(String(retention), "data_retention");
        for (const { name } of await found(request))
          await settings.put("data_stream", name, { lifecycle: { enabled: true, ...body } });
        return ACKNOWLEDGED;
      },
    },
    {
      methods: ["DELETE"],
      paths: ["/_data_stream/{name}/_lifecycle"],
      parameters: [...INDICES_PARAMETERS, ...TIMEOUTS],
      privilege: "setup",
      action: "indices:admin/data_stream/lifecycle/delete",
      async handle(request) {
        for (const { name } of await found(request)) await settings.put("data_stream", name, {});
        return ACKNOWLEDGED;
      },
    },
  ];
}
