import type { WatchStateRecord } from "../../events/alert-records.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { Fault } from "../../lib/fault.ts";
import type { AlertEngine } from "../engine/engine.ts";
import type { KeptWatch } from "../engine/kept-watch.ts";
import type { Watch } from "../watch.ts";
import type { Shelf } from "./shelf.ts";

export type RuleOrigin = "shipped" | "changed" | "own";

/** The rules that are checked: those that come with the program, those saved over them, and people's own. */
export type RuleBook = {
  /** Puts what is kept into the engine. What can no longer be read is told to `onUnreadable` and left out. */
  load(kept: { states: ReadonlyMap<string, WatchStateRecord>; signal: AbortSignal }): Promise<void>;
  /** Throws `watch_unknown`. */
  get(id: string): KeptWatch;
  originOf(id: string): RuleOrigin;
  /** Throws `watch_invalid`. */
  put(
    asked: { id: string; body: unknown; active: boolean | undefined },
    signal: AbortSignal,
  ): Promise<{ version: number; created: boolean }>;
  /** Throws `watch_unknown`, and `object_shipped` for a shipped one as it is. */
  remove(id: string, signal: AbortSignal): Promise<{ version: number }>;
};

export type ReadWatch = (asked: { id: string; body: unknown }) => Watch;

export function createRuleBook(deps: {
  engine: AlertEngine;
  shelf: Shelf;
  shipped: readonly Watch[];
  read: ReadWatch;
  /** Fills the window of a watch that begins anew with what is stored. */
  fill(id: string, signal: AbortSignal): Promise<void>;
  onUnreadable(id: string, error: unknown): void;
}): RuleBook {
  const { engine, shelf, shipped, read, fill, onUnreadable } = deps;
  const shippedById = new Map(shipped.map((watch) => [watch.id, watch]));
  const saved = new Set<string>();

  const get = (id: string): KeptWatch => {
    const kept = engine.get(id);
    if (kept === undefined) throw new Fault("watch_unknown", `There is no watch '${id}'.`);
    return kept;
  };

  return {
    async load({ states, signal }) {
      const set = (watch: Watch) => {
        const state = states.get(watch.id);
        engine.set(watch, { active: state?.active ?? true, version: state?.version ?? 1, state });
      };
      for (const watch of shipped) set(watch);
      for (const { id, content } of await shelf.list("watch", signal)) {
        try {
          set(read({ id, body: content }));
          saved.add(id);
        } catch (error) {
          onUnreadable(id, error);
        }
      }
    },
    get,
    originOf: (id) => (saved.has(id) ? (shippedById.has(id) ? "changed" : "own") : "shipped"),
    async put({ id, body, active }, signal) {
      if (!/^[A-Za-z0-9_.-]{1,200}$/.test(id)) {
        throw new Fault(
          "watch_invalid",
          `The id '${id.slice(0, 200)}' must be of letters, digits, '_', '.' and '-', at most 200.`,
          {
            details: { type: "action_request_validation_exception" },
          },
        );
      }
      const watch = read({ id, body });
      const before = engine.get(id);
      const name = watch.metadata["name"];
      const title = typeof name === "string" ? name : id;
      await shelf.put({ kind: "watch", id, title, content: watch.source as JsonObject }, signal);
      saved.add(id);
      const version = (before?.version ?? 0) + 1;
      engine.set(watch, { active: active ?? before?.active ?? true, version });
      engine.keepState(id);
      await fill(id, signal);
      return { version, created: before === undefined };
    },
    async remove(id, signal) {
      const before = get(id);
      const original = shippedById.get(id);
      if (!saved.has(id)) {
        throw new Fault(
          "object_shipped",
          `The rule '${id}' comes with the program: deactivate it, or save another over it.`,
        );
      }
      await shelf.remove({ kind: "watch", id }, signal);
      saved.delete(id);
      const version = before.version + 1;
      if (original === undefined) engine.remove(id);
      else {
        engine.set(original, { active: before.active, version });
        engine.keepState(id);
        await fill(id, signal);
      }
      return { version };
    },
  };
}
