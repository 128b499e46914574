import type { Json } from "../../../events/document.ts";
import type { JsonObject } from "../../../events/foreign.ts";
import { illegalArgument, refusal } from "../../../events/refusal.ts";
import { readDurationMs } from "../../../events/time-value.ts";
import type { Clock } from "../../../lib/clock.ts";
import { wildcard } from "../../../lib/wildcard.ts";
import type { FaceAnswer, FaceRoute } from "../route.ts";
import type { SettingsBook } from "../settings-book.ts";

const ACKNOWLEDGED: FaceAnswer = { json: { acknowledged: true } };
const TIMEOUTS = ["master_timeout", "timeout"];
const UNUSED = { indices: [], data_streams: [], composable_templates: [] };

/** Lifecycle policies: Beats put one at their start and expect it back. What of one the store heeds: `keptForMs`. */
export function policyRoutes({ settings, clock }: { settings: SettingsBook; clock: Clock }): readonly FaceRoute[] {
  const missing = (name: string) =>
    refusal({ type: "resource_not_found_exception", reason: `Lifecycle policy not found: ${name}`, status: 404 });
  return [
    {
      methods: ["PUT"],
      paths: ["/_ilm/policy/{name}"],
      parameters: TIMEOUTS,
      privilege: "setup",
      action: "cluster:admin/ilm/put",
      async handle({ path: { name = "" }, body }) {
        const { policy } = await body.object();
        if (typeof policy !== "object" || policy === null || Array.isArray(policy) || !("phases" in policy)) {
          throw illegalArgument("Required [policy] with its [phases]");
        }
        checkAges((policy as JsonObject)["phases"]);
        const before = Number(settings.get("ilm_policy", name)?.["version"] ?? 0);
        const modified = new Date(clock.nowUs() / 1000).toISOString();
        await settings.put("ilm_policy", name, { version: before + 1, modified_date: modified, policy });
        return ACKNOWLEDGED;
      },
    },
    {
      methods: ["GET"],
      paths: ["/_ilm/policy", "/_ilm/policy/{name}"],
      parameters: TIMEOUTS,
      privilege: "monitor",
      action: "cluster:admin/ilm/get",
      handle({ path: { name } }) {
        const patterns = name?.split(",").map(wildcard);
        const found = [...settings.all("ilm_policy")].filter(
          ([key]) => patterns?.some((matches) => matches(key)) ?? true,
        );
        if (found.length === 0 && name !== undefined && !name.includes("*")) throw missing(name);
        return {
          json: Object.fromEntries(
            found.map(([key, policy]): [string, JsonObject] => [key, { ...policy, in_use_by: UNUSED }]),
          ),
        };
      },
    },
    {
      methods: ["DELETE"],
      paths: ["/_ilm/policy/{name}"],
      parameters: TIMEOUTS,
      privilege: "manage",
      action: "cluster:admin/ilm/delete",
      async handle({ path: { name = "" } }) {
        if (settings.get("ilm_policy", name) === undefined) throw missing(name);
        await settings.delete("ilm_policy", name);
        return ACKNOWLEDGED;
      },
    },
  ];
}

/** Ages that cannot be read are told when they are put: nobody is there to be told when they are to count. */
function checkAges(phases: Json | undefined): void {
  for (const phase of Object.values((phases ?? {}) as JsonObject)) {
    const { min_age: minAge } = (phase ?? {}) as JsonObject;
    if (minAge !== undefined && minAge !== null) readDurationMs(String(minAge), "min_age");
  }
}
