import { Client as Client9 } from "@elastic/elasticsearch";
import { Client as Client8 } from "@elastic/elasticsearch-8";
import { describe, expect, test } from "vitest";
import { until } from "../rigs/until.ts";

/** Watches as Elastic's own clients put and carry them out, over the face at an address, whatever store is behind it. */
export function describeWatcher(url: () => string): void {
  // The two clients' types differ; what both are asked here has the same form.
  describe.each([
    ["8", () => new Client8({ node: url() }) as unknown as Client9],
    ["9", () => new Client9({ node: url() })],
  ])("watches, by Elastic's client %s", (version, open) => {
    const id = `hits-${version}`;
    const [watched, told] = [`watched-${version}`, `told-${version}`];
    const watch = {
      trigger: { schedule: { interval: "1h" } },
      input: { search: { request: { indices: [watched], body: { query: { term: { level: 3 } } } } } },
      condition: { compare: { "ctx.payload.hits.total": { gt: 0 } } },
      actions: {
        keep: {
          transform: { script: { source: "return ['count': ctx.payload.hits.total, 'watch': ctx.watch_id]" } },
          index: { index: told },
        },
        log: { logging: { text: "{{ctx.payload.hits.total}} hits" } },
      },
      metadata: { owner: `client-${version}` },
    };

    test("are put, carried out once their condition is met, acknowledged until it is not, and deleted", async () => {
      const client = open();
      const { watcher } = client;
      await client.index({ index: watched, document: { level: 1 }, refresh: true });
      expect(await watcher.putWatch({ id, ...watch } as never)).toMatchObject({ _id: id, created: true, _version: 1 });

      const execute = async () => {
        const asked = { id, action_modes: { _all: "execute" as const }, record_execution: true };
        const { watch_record: record } = await watcher.executeWatch(asked);
        return { state: record.state, actions: (record.result?.actions ?? []).map(({ status }) => status) };
      };
      expect(await execute()).toEqual({ state: "execution_not_needed", actions: [] });
      await client.index({ index: watched, document: { level: 3 }, refresh: true });
      expect(await execute()).toEqual({ state: "executed", actions: ["success", "success"] });
      const countTold = async () => (await client.count({ index: told, ignore_unavailable: true })).count;
      await until("what the action tells is stored", async () => (await countTold()) === 1);
      expect((await client.search({ index: told })).hits.hits[0]?._source).toMatchObject({ count: 1, watch: id });

      expect(await watcher.getWatch({ id })).toMatchObject({
        found: true,
        watch,
        status: { state: { active: true }, actions: { keep: { ack: { state: "ackable" } } } },
      });
      expect(await watcher.ackWatch({ watch_id: id, action_id: "keep" })).toMatchObject({
        status: { actions: { keep: { ack: { state: "acked" } }, log: { ack: { state: "ackable" } } } },
      });
      expect((await execute()).actions[0]).toBe("acknowledged");
      const forced = { id, action_modes: { keep: "force_execute" as const, log: "skip" as const } };
      await watcher.executeWatch(forced);
      await until("what is forced is stored, too", async () => (await countTold()) === 2);

      await until("executions are in the history", async () => {
        const query = { bool: { filter: [{ term: { "watch.id": id } }, { term: { "watch.met": true } }] } };
        const index = "logs-ethereum.watch_history-*";
        return (await client.count({ index, query, ignore_unavailable: true })).count >= 2;
      });
      expect(await watcher.queryWatches({ query: { term: { "metadata.owner": `client-${version}` } } })).toMatchObject({
        count: 1,
        watches: [{ _id: id, watch }],
      });
      expect(await watcher.deactivateWatch({ watch_id: id })).toMatchObject({ status: { state: { active: false } } });
      expect(await watcher.deleteWatch({ id })).toMatchObject({ found: true, _id: id });
      await expect(watcher.getWatch({ id })).rejects.toMatchObject({ statusCode: 404 });
    });

    test("that are none, or that come with the program, are refused as Elasticsearch would", async () => {
      const { watcher } = open();
      const refused = (put: object) => watcher.putWatch({ id, ...put } as never).catch((error: unknown) => error);
      expect(await refused({ ...watch, condition: { compare: { "ctx.payload.x": { near: 5 } } } })).toMatchObject({
        statusCode: 400,
        meta: { body: { error: { type: "parse_exception" } } },
      });
      expect(await refused({ ...watch, condition: { script: "while (true) {}" } })).toMatchObject({
        statusCode: 400,
        meta: { body: { error: { type: "script_exception" } } },
      });
      await expect(watcher.deleteWatch({ id: "late-blocks" })).rejects.toMatchObject({ statusCode: 400 });
      expect(await watcher.stats()).toMatchObject({ manually_stopped: false, stats: [{ watcher_state: "started" }] });
    });
  });
}
