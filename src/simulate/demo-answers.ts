import { type BeaconAnswer, beaconError } from "./beacon-face.ts";
import { blockRoutes } from "./demo-block-answers.ts";
import { epochRoutes } from "./demo-epoch-answers.ts";
import type { DemoNode } from "./demo-node.ts";
import { type DemoQuestion, type DemoRoute, type DemoRouteInput, notRecorded } from "./demo-route.ts";
import type { DemoWorld } from "./demo-world.ts";

/** Answers the Beacon API's REST questions to one node of the demo, as of a moment. */
export function createDemoAnswers(input: DemoRouteInput): (question: Omit<DemoQuestion, "id">) => BeaconAnswer {
  const routes = [...nodeRoutes(input), ...blockRoutes(input), ...epochRoutes(input)];
  return (question) => {
    for (const { pattern, answer } of routes) {
      const match = pattern.exec(question.path);
      if (match !== null) return answer({ ...question, id: match[1] ?? "" });
    }
    return beaconError(404, `Route GET:${question.path} not found`);
  };
}

function nodeRoutes({ world, node }: DemoRouteInput): DemoRoute[] {
  const genesisTime = String(world.genesisTimeS);
  return [
    {
      pattern: /^\/eth\/v1\/config\/spec$/,
      answer: ({ path }) => constant({ node, path, replaced: { MIN_GENESIS_TIME: genesisTime } }),
    },
    {
      pattern: /^\/eth\/v1\/beacon\/genesis$/,
      answer: ({ path }) => constant({ node, path, replaced: { genesis_time: genesisTime } }),
    },
    {
      pattern: /^\/eth\/v1\/(?:config\/(?:fork_schedule|deposit_contract)|node\/(?:version|identity|peers))$/,
      answer: ({ path }) => constant({ node, path }),
    },
    {
      pattern: /^\/eth\/v1\/node\/peer_count$/,
      answer({ path, nowMs }) {
        const body = node.recorded(path, nowMs);
        return body === undefined ? notRecorded(path) : { status: 200, body };
      },
    },
    {
      pattern: /^\/eth\/v1\/node\/syncing$/,
      answer: ({ nowMs }) => ({ status: 200, body: { data: syncing({ world, node, nowMs }) } }),
    },
    {
      pattern: /^\/eth\/v1\/node\/health$/,
      answer: ({ nowMs }) => ({ status: syncing({ world, node, nowMs }).is_syncing === true ? 206 : 200 }),
    },
  ];
}

/** What never changes is answered as recorded, but for values of the new genesis. */
function constant(input: { node: DemoNode; path: string; replaced?: Record<string, string> }): BeaconAnswer {
  const { node, path, replaced } = input;
  const body = node.asRecorded(path) as { data: object } | undefined;
  if (body === undefined) return notRecorded(path);
  return { status: 200, body: replaced === undefined ? body : { ...body, data: { ...body.data, ...replaced } } };
}

/** The flags are recorded; the head is the one that the events told. */
function syncing(input: { world: DemoWorld; node: DemoNode; nowMs: number }): Record<string, unknown> {
  const { world, node, nowMs } = input;
  const flags = node.recorded("/eth/v1/node/syncing", nowMs) as { data: Record<string, unknown> } | undefined;
  const head = node.head(nowMs);
  const headSlot = head === undefined ? 0 : world.ancestry.slotOf(head);
  return {
    is_syncing: false,
    is_optimistic: false,
    el_offline: false,
    ...flags?.data,
    head_slot: String(headSlot),
    sync_distance: String(Math.max(0, world.slotAt(nowMs) - headSlot)),
  };
}
