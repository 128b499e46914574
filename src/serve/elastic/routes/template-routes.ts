import type { JsonObject } from "../../../events/foreign.ts";
import { flatSettings } from "../../../events/index-settings.ts";
import { illegalArgument, refusal } from "../../../events/refusal.ts";
import { wildcard } from "../../../lib/wildcard.ts";
import type { FaceAnswer, FaceRequest, FaceRoute } from "../route.ts";
import type { Section, SettingsBook } from "../settings-book.ts";
import { readComponentTemplate, readIndexTemplate, readLegacyTemplate } from "../templates.ts";

const ACKNOWLEDGED: FaceAnswer = { json: { acknowledged: true } };
const READ_PARAMETERS = ["local", "master_timeout", "flat_settings", "include_defaults"];
const WRITE_PARAMETERS = ["create", "cause", "master_timeout", "timeout", "order"];

type Kind = {
  section: Section;
  path: string;
  action: string;
  read(name: string, body: JsonObject): JsonObject;
  /** The answer for what was found. */
  told(found: readonly (readonly [string, JsonObject])[]): JsonObject;
  /** The answer where nothing is found of a name. */
  missing(name: string, isDeletion: boolean): FaceAnswer | Error;
};

/** Index templates, component templates and legacy templates: kept, and answered as they were put. */
export function templateRoutes(settings: SettingsBook): readonly FaceRoute[] {
  const kinds: readonly Kind[] = [
    {
      section: "index_template",
      path: "/_index_template",
      action: "index_template",
      read: (name, body) => readIndexTemplate(name, body, settings),
      told: (found) => ({ index_templates: found.map(([name, template]) => ({ name, index_template: template })) }),
      missing: (name, isDeletion) =>
        isDeletion
          ? refusal({
              type: "index_template_missing_exception",
              reason: `index_template [${name}] missing`,
              status: 404,
            })
          : notFound(`index template matching [${name}] not found`),
    },
    {
      section: "component_template",
      path: "/_component_template",
      action: "component_template",
      read: (_, body) => readComponentTemplate(body),
      told: (found) => ({
        component_templates: found.map(([name, template]) => ({ name, component_template: template })),
      }),
      missing: (name, isDeletion) => notFound(isDeletion ? name : `component template matching [${name}] not found`),
    },
    {
      section: "legacy_template",
      path: "/_template",
      action: "template",
      read: (_, body) => readLegacyTemplate(body),
      told: (found) => Object.fromEntries(found),
      missing: (name, isDeletion) =>
        isDeletion
          ? refusal({
              type: "index_template_missing_exception",
              reason: `index_template [${name}] missing`,
              status: 404,
            })
          : { status: 404, json: {} },
    },
  ];
  return kinds.flatMap((kind) => routesOf(kind, settings));
}

function routesOf(kind: Kind, settings: SettingsBook): readonly FaceRoute[] {
  const { section, path, action } = kind;
  const matching = (name: string) => {
    const patterns = name.split(",").map(wildcard);
    return [...settings.all(section)].filter(([key]) => patterns.some((matches) => matches(key)));
  };
  const absent = (name: string, isDeletion: boolean): FaceAnswer => {
    const told = kind.missing(name, isDeletion);
    if (told instanceof Error) throw told;
    return told;
  };
  const put = async ({ path: { name = "" }, parameters, body }: FaceRequest) => {
    if (!/^[^\s,#*?"<>|\\/]{1,255}$/.test(name) || name !== name.toLowerCase()) {
      throw illegalArgument(
        `${section} [${name}] invalid, cause [name must be lowercase and hold no space, comma or wildcard]`,
      );
    }
    const template = kind.read(name, await body.object());
    const exists = settings.get(section, name) !== undefined;
    if (exists && parameters.flag("create") === true) {
      throw illegalArgument(`${section.replace("legacy_", "index_").replaceAll("_", " ")} [${name}] already exists`);
    }
    await settings.put(section, name, template);
    return ACKNOWLEDGED;
  };
  return [
    {
      methods: ["PUT", "POST"],
      paths: [`${path}/{name}`],
      parameters: WRITE_PARAMETERS,
      privilege: "setup",
      action: `indices:admin/${action}/put`,
      handle: put,
    },
    {
      methods: ["GET", "HEAD"],
      paths: [path, `${path}/{name}`],
      parameters: READ_PARAMETERS,
      privilege: "monitor",
      action: `indices:admin/${action}/get`,
      handle({ path: { name }, parameters }) {
        const found = name === undefined ? [...settings.all(section)] : matching(name);
        if (found.length === 0 && name !== undefined && !name.includes("*")) return absent(name, false);
        const isFlat = parameters.flag("flat_settings") === true;
        return { json: kind.told(isFlat ? found.map(([key, template]) => [key, withFlatSettings(template)]) : found) };
      },
    },
    {
      methods: ["DELETE"],
      paths: [`${path}/{name}`],
      parameters: ["master_timeout", "timeout"],
      privilege: "manage",
      action: `indices:admin/${action}/delete`,
      async handle({ path: { name = "" } }) {
        const found = matching(name);
        if (found.length === 0 && name !== "*") return absent(name, true);
        for (const [key] of found) await settings.delete(section, key);
        return ACKNOWLEDGED;
      },
    },
  ];
}

function withFlatSettings(template: JsonObject): JsonObject {
  const { settings, template: inner } = template;
  if (settings !== undefined) return { ...template, settings: flatSettings(settings as JsonObject) };
  return inner === undefined ? template : { ...template, template: withFlatSettings(inner as JsonObject) };
}

function notFound(reason: string): Error {
  return refusal({ type: "resource_not_found_exception", reason, status: 404 });
}
