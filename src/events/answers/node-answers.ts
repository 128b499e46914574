import { z } from "zod";
import { boolean, uint, uint64 } from "../primitives.ts";
import { defineAnswer } from "./answer.ts";

export const syncing = defineAnswer({
  name: "ethereum.node_syncing",
  title: "Sync status of nodes",
  words: "Whether a node is syncing, and the head it has.",
  pattern: /^\/eth\/v1\/node\/syncing$/,
  columns: [
    { name: "ethereum.head_slot", type: "long", words: "Slot of the node's head." },
    { name: "ethereum.sync_distance", type: "unsigned_long", words: "Slots the node is behind." },
    { name: "ethereum.syncing", type: "boolean", words: "The node is syncing." },
    { name: "ethereum.execution_optimistic", type: "boolean", words: "Its head's payload is not verified." },
    { name: "ethereum.execution_offline", type: "boolean", words: "Its execution client does not answer." },
  ],
  schema: z.object({
    data: z.object({
      head_slot: uint,
      sync_distance: uint64.optional(),
      is_syncing: boolean,
      is_optimistic: boolean.optional(),
      el_offline: boolean.optional(),
    }),
  }),
  read: ({ data }) => ({
    answer: { kind: "syncing", headSlot: data.head_slot, isSyncing: data.is_syncing },
    fields: {
      "ethereum.head_slot": data.head_slot,
      "ethereum.sync_distance": data.sync_distance,
      "ethereum.syncing": data.is_syncing,
      "ethereum.execution_optimistic": data.is_optimistic,
      "ethereum.execution_offline": data.el_offline,
    },
  }),
});

export const peerCount = defineAnswer({
  name: "ethereum.node_peers",
  title: "Peer counts of nodes",
  words: "How many peers a node has.",
  pattern: /^\/eth\/v1\/node\/peer_count$/,
  columns: [{ name: "ethereum.peers.connected", type: "long", words: "Connected peers." }],
  schema: z.object({ data: z.object({ connected: uint }) }),
  read: ({ data }) => ({
    answer: { kind: "peers", connected: data.connected },
    fields: { "ethereum.peers.connected": data.connected },
  }),
});

export const version = defineAnswer({
  name: "ethereum.node_version",
  title: "Versions of nodes",
  words: "The client and version a node says it is.",
  pattern: /^\/eth\/v1\/node\/version$/,
  columns: [{ name: "ethereum.node.version", type: "keyword", words: "The version string as told." }],
  schema: z.object({ data: z.object({ version: z.string() }) }),
  read: ({ data }) => ({
    answer: { kind: "version", version: data.version },
    fields: { "ethereum.node.version": data.version },
  }),
});

/** From Fulu on, of nodes that tell it. */
const metadata = z.object({ custody_group_count: uint.optional().catch(undefined) }).catch({});

export const identity = defineAnswer({
  name: "ethereum.node_identity",
  title: "Identities of nodes",
  words: "A node's identity in the peer-to-peer network.",
  pattern: /^\/eth\/v1\/node\/identity$/,
  columns: [
    { name: "ethereum.node.peer_id", type: "keyword", words: "Peer id." },
    { name: "ethereum.node.enr", type: "keyword", words: "Ethereum node record." },
    { name: "ethereum.node.custody_groups", type: "long", words: "Custody groups of data columns that it keeps." },
  ],
  schema: z.object({
    data: z.object({ peer_id: z.string(), enr: z.string().optional(), metadata: metadata.optional() }),
  }),
  read: ({ data: { peer_id, enr, metadata } }) => ({
    answer: { kind: "identity", peerId: peer_id, custodyGroups: metadata?.custody_group_count },
    fields: {
      "ethereum.node.peer_id": peer_id,
      "ethereum.node.enr": enr,
      "ethereum.node.custody_groups": metadata?.custody_group_count,
    },
  }),
});
