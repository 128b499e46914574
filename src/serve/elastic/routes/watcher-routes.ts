import type { AlertDesk } from "../../../alert/desk.ts";
import { hideSecrets, restoreSecrets } from "../../../alert/watch-secrets.ts";
import type { JsonObject } from "../../../events/foreign.ts";
import { validationFailed } from "../../../events/refusal.ts";
import type { Clock } from "../../../lib/clock.ts";
import { isFault } from "../../../lib/fault.ts";
import { readExecuteRequest, refuseDebug } from "../execute-request.ts";
import type { FaceAnswer, FaceRequest, FaceRoute } from "../route.ts";
import { isWatchId } from "../watch-id.ts";
import { checkCondition, expectationOf } from "../watch-versions.ts";
import { watcherRefusal } from "../watcher-refusals.ts";

const ADMIN = "cluster:admin/xpack/watcher/watch";
const CHANGING = ["PUT", "POST"] as const;
const TIMEOUT = ["master_timeout"];

/** Watches, as Elasticsearch's Watcher has them: put, told, carried out, acknowledged, switched on and off. */
export function watcherRoutes({ desk, clock }: { desk: AlertDesk; clock: Clock }): readonly FaceRoute[] {
  const turn = createTurns();

  const put = async ({ path: { id = "" }, parameters, body, signal }: FaceRequest): Promise<FaceAnswer> => {
    const expected = expectationOf(parameters);
    const watch = await body.optionalObject();
    const complaints = [
      ...(isWatchId(id) ? [] : ["watch id contains whitespace"]),
      ...(watch === undefined ? ["watch source is missing", "request body is missing"] : []),
      ...expected.complaints,
    ];
    if (watch === undefined || complaints.length > 0) throw validationFailed(...complaints);
    const active = parameters.flag("active") ?? true;
    // What is expected of the watch must still be so when it is replaced.
    return turn(async () => {
      const kept = keptOf(desk, id);
      checkCondition({ id, expected, version: kept?.rule.version });
      const { version, created } = await desk.put({ id, watch: restoreSecrets(watch, kept?.watch), active }, signal);
      return { status: created ? 201 : 200, json: { _id: id, ...versions(version), created } };
    });
  };

  const execute = async ({ path: { id }, parameters, body, signal }: FaceRequest): Promise<FaceAnswer> => {
    refuseDebug(parameters.flag("debug"));
    const asked = readExecuteRequest({
      id,
      body: await body.optionalObject(),
      ignoreCondition: parameters.flag("ignore_condition"),
      recordExecution: parameters.flag("record_execution"),
      nowMs: Math.floor(clock.nowUs() / 1000),
    });
    const { id: recordId, record } = await desk.execute(asked, signal);
    return { json: { _id: recordId, watch_record: hideSecrets(record) } };
  };

  const acknowledge = async ({ path: { id = "", actions }, signal }: FaceRequest): Promise<FaceAnswer> => {
    const named = actions?.split(",").filter((action) => action !== "") ?? [];
    const all = named.length === 0 || named.includes("_all");
    const status = await desk.acknowledgeWatch({ id, ...(all ? {} : { actions: named }) }, signal);
    return { json: { status } };
  };

  const setActive =
    (active: boolean): FaceRoute["handle"] =>
    async ({ path: { id = "" }, signal }) => ({ json: { status: await desk.setActive({ id, active }, signal) } });

  return [
    {
      methods: CHANGING,
      paths: ["/_watcher/watch/{id}"],
      parameters: ["active", "version", "if_seq_no", "if_primary_term", ...TIMEOUT],
      privilege: "manage",
      action: `${ADMIN}/put`,
      handle: telling(put),
    },
    {
      methods: ["GET"],
      paths: ["/_watcher/watch/{id}"],
      parameters: TIMEOUT,
      privilege: "read",
      action: "cluster:monitor/xpack/watcher/watch/get",
      handle({ path: { id = "" } }) {
        const kept = keptOf(desk, id);
        if (kept === undefined) return { status: 404, json: { found: false, _id: id } };
        const { rule, watch, status } = kept;
        return { json: { found: true, _id: id, ...versions(rule.version), status, watch: shownWatch(watch) } };
      },
    },
    {
      methods: ["DELETE"],
      paths: ["/_watcher/watch/{id}"],
      parameters: TIMEOUT,
      privilege: "manage",
      action: `${ADMIN}/delete`,
      handle: telling(async ({ path: { id = "" }, signal }) => {
        if (keptOf(desk, id) === undefined) return { status: 404, json: { _id: id, _version: 1, found: false } };
        const { version } = await desk.remove(id, signal);
        return { json: { _id: id, _version: version, found: true } };
      }),
    },
    {
      methods: CHANGING,
      paths: ["/_watcher/watch/_execute", "/_watcher/watch/{id}/_execute"],
      parameters: ["debug", "ignore_condition", "record_execution", ...TIMEOUT],
      privilege: "manage",
      action: `${ADMIN}/execute`,
      handle: telling(execute),
    },
    {
      methods: CHANGING,
      paths: ["/_watcher/watch/{id}/_ack", "/_watcher/watch/{id}/_ack/{actions}"],
      parameters: TIMEOUT,
      privilege: "manage",
      action: `${ADMIN}/ack`,
      handle: telling(acknowledge),
    },
    {
      methods: CHANGING,
      paths: ["/_watcher/watch/{id}/_activate"],
      parameters: TIMEOUT,
      privilege: "manage",
      action: `${ADMIN}/activate`,
      handle: telling(setActive(true)),
    },
    {
      methods: CHANGING,
      paths: ["/_watcher/watch/{id}/_deactivate"],
      parameters: TIMEOUT,
      privilege: "manage",
      action: `${ADMIN}/activate`,
      handle: telling(setActive(false)),
    },
  ];
}

type KeptRule = ReturnType<AlertDesk["rule"]>;

/** Undefined where there is no such watch. */
function keptOf(desk: AlertDesk, id: string): KeptRule | undefined {
  try {
    return desk.rule(id);
  } catch (error) {
    if (isFault(error, "watch_unknown")) return undefined;
    throw error;
  }
}

/** What a watch leaves out has Watcher's defaults. */
export function shownWatch(watch: JsonObject): JsonObject {
  return hideSecrets({ input: { none: {} }, condition: { always: {} }, ...watch });
}

/** Each change has a version of its own, counted from 1. */
export function versions(version: number): { _version: number; _seq_no: number; _primary_term: number } {
  return { _version: version, _seq_no: version - 1, _primary_term: 1 };
}

function telling(handle: FaceRoute["handle"]): FaceRoute["handle"] {
  return async (request) => {
    try {
      return await handle(request);
    } catch (error) {
      throw watcherRefusal(error, request.path["id"] ?? "_inlined_");
    }
  };
}

/** One after the other. */
function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
}
