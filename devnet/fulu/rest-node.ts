import { chainConfigToJson, specValuesToJson } from "@lodestar/config";
import { activePreset, DOMAIN_BEACON_ATTESTER, DOMAIN_BEACON_PROPOSER } from "@lodestar/params";
import { toHex } from "@lodestar/utils";
import type { BeaconAnswer } from "../../src/simulate/beacon-face.ts";
import type { Gossip } from "./gossip.ts";
import type { NodeParts } from "./node-parts.ts";
import { type Route, route } from "./rest-route.ts";

/** Slots behind the clock from which on a node calls itself syncing. */
const SYNCING_DISTANCE = 4;

/** `/eth/v1/node` and `/eth/v1/config`: what the node is, and of which network. */
export function nodeRoutes(parts: NodeParts, gossip: Gossip, version: string): readonly Route[] {
  const { settings, config, chain, clock, blobs } = parts;
  const distance = () => Math.max(0, clock.slotNow() - chain.head().slot);
  const ok = (data: unknown): BeaconAnswer => ({ status: 200, body: { data } });
  const peerId = (name: string) => `16Uiu2HAethmondevnode${name}`;

  return [
    route("/eth/v1/node/version", () => ok({ version })),
    route("/eth/v1/node/health", () => ({ status: distance() > SYNCING_DISTANCE ? 206 : 200 })),
    route("/eth/v1/node/syncing", () =>
      ok({
        head_slot: String(chain.head().slot),
        sync_distance: String(distance()),
        is_syncing: distance() > SYNCING_DISTANCE,
        is_optimistic: false,
        el_offline: false,
      }),
    ),
    route("/eth/v1/node/identity", () =>
      ok({
        peer_id: peerId(settings.name),
        enr: "",
        p2p_addresses: [`/ip4/127.0.0.1/tcp/${settings.gossipPort}`],
        discovery_addresses: [],
        metadata: {
          seq_number: "1",
          attnets: "0xffffffffffffffff",
          syncnets: "0x0f",
          custody_group_count: String(blobs.groupCount),
        },
      }),
    ),
    route("/eth/v1/node/peer_count", () => {
      const connected = gossip.connected().length;
      const disconnected = settings.peers.length - connected;
      return ok({
        disconnected: String(disconnected),
        connecting: "0",
        connected: String(connected),
        disconnecting: "0",
      });
    }),
    route("/eth/v1/node/peers", ({ query }) => {
      const connected = gossip.connected();
      const peers = settings.peers.map((name) => ({
        peer_id: peerId(name),
        enr: null,
        last_seen_p2p_address: "",
        state: connected.includes(name) ? "connected" : "disconnected",
        direction: settings.dials.some((dialled) => dialled.name === name) ? "outbound" : "inbound",
      }));
      const wanted = query.getAll("state");
      const data = peers.filter(({ state }) => wanted.length === 0 || wanted.includes(state));
      return { status: 200, body: { data, meta: { count: data.length } } };
    }),
    route("/eth/v1/config/spec", () =>
      ok({
        ...specValuesToJson({ ...activePreset, DOMAIN_BEACON_ATTESTER, DOMAIN_BEACON_PROPOSER }),
        ...chainConfigToJson(config),
      }),
    ),
    route("/eth/v1/config/fork_schedule", () =>
      ok(
        config.forksAscendingEpochOrder
          .filter(({ epoch }) => Number.isFinite(epoch))
          .map(({ prevVersion, version: current, epoch }) => ({
            previous_version: toHex(prevVersion),
            current_version: toHex(current),
            epoch: String(epoch),
          })),
      ),
    ),
  ];
}
