import { z } from "zod";

/** One entry of the API's `node/peers`. `agent_version` is no part of the API, but some clients tell it. */
export const nodePeer = z.object({
  peer_id: z.string("is not a peer id").min(1, "is empty"),
  enr: z.string("is not an ENR").nullish(),
  last_seen_p2p_address: z.string("is not an address"),
  state: z.enum(["disconnected", "connecting", "connected", "disconnecting"]),
  direction: z.enum(["inbound", "outbound"]),
  agent_version: z.string("is not a version").optional(),
});
