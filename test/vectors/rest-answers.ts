import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { topicDataset } from "../../src/events/catalogue.ts";
import { root, uint } from "../../src/events/primitives.ts";
import { electraAttestation, phase0Attestation } from "../../src/events/spec-objects/attestation.ts";
import { beaconBlockBody, signedBeaconBlock } from "../../src/events/spec-objects/block.ts";
import { signedBeaconBlockHeader } from "../../src/events/spec-objects/block-header.ts";
import { beaconCommittee } from "../../src/events/spec-objects/committee.ts";
import { attesterDuty } from "../../src/events/spec-objects/duties.ts";
import { forkChoice } from "../../src/events/spec-objects/fork-choice.ts";
import { nodePeer } from "../../src/events/spec-objects/node-peer.ts";
import { syncCommittee } from "../../src/events/spec-objects/sync-committee.ts";
import { stateValidator, validatorBalance } from "../../src/events/spec-objects/validator.ts";
import { signedVoluntaryExit } from "../../src/events/spec-objects/validator-operations.ts";

/** One answer of a real node, as it was sent. */
export type RestAnswer = {
  /** Client version and fork. */
  node: string;
  method: "GET" | "POST";
  /** With its query. */
  path: string;
  status: number;
  headers: Record<string, string>;
  body: string;
};

export function readAnswers(): RestAnswer[] {
  const file = new URL("../data/beacon-rest/answers.jsonl.gz", import.meta.url);
  const lines = gunzipSync(readFileSync(file)).toString("utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line) as RestAnswer);
}

const one = (data: z.ZodType) => z.object({ data });
const list = (item: z.ZodType) => z.object({ data: z.array(item) });

/** The fork of a block is what its answer says, and decides how it is read. */
const block = z.discriminatedUnion("version", [
  z.object({ version: z.literal("capella"), data: signedBeaconBlock(beaconBlockBody.capella) }),
  z.object({ version: z.literal("deneb"), data: signedBeaconBlock(beaconBlockBody.deneb) }),
  z.object({ version: z.literal("electra"), data: signedBeaconBlock(beaconBlockBody.electra) }),
]);

const attestations = z.union([
  z.object({ version: z.literal("electra"), data: z.array(electraAttestation) }),
  z.object({ version: z.enum(["capella", "deneb"]).optional(), data: z.array(phase0Attestation) }),
]);

const finalityUpdate = topicDataset("light_client_finality_update")?.schema ?? z.never();

/** The objects in answers, whether a dataset is made of the answer or not. */
export const answerSchemas: readonly { path: RegExp; schema: z.ZodType }[] = [
  { path: /^\/eth\/v2\/beacon\/blocks\/(\d+|head)$/, schema: block },
  { path: /^\/eth\/v[12]\/beacon\/blocks\/head\/attestations$/, schema: attestations },
  { path: /^\/eth\/v1\/beacon\/pool\/attestations$/, schema: attestations },
  { path: /^\/eth\/v1\/beacon\/pool\/voluntary_exits$/, schema: list(signedVoluntaryExit) },
  { path: /^\/eth\/v1\/beacon\/headers$/, schema: list(z.object({ root, header: signedBeaconBlockHeader })) },
  { path: /^\/eth\/v1\/beacon\/headers\/[^/]+$/, schema: one(z.object({ root, header: signedBeaconBlockHeader })) },
  { path: /^\/eth\/v1\/beacon\/states\/head\/committees(\?slot=\d+)?$/, schema: list(beaconCommittee) },
  { path: /^\/eth\/v1\/beacon\/states\/head\/sync_committees$/, schema: one(syncCommittee) },
  { path: /^\/eth\/v1\/beacon\/states\/head\/validators\?/, schema: list(stateValidator) },
  { path: /^\/eth\/v1\/beacon\/states\/head\/validator_balances\?/, schema: list(validatorBalance) },
  { path: /^\/eth\/v1\/beacon\/light_client\/finality_update$/, schema: finalityUpdate },
  { path: /^\/eth\/v1\/debug\/fork_choice$/, schema: forkChoice },
  { path: /^\/eth\/v1\/node\/peers$/, schema: list(nodePeer) },
  { path: /^\/eth\/v1\/validator\/duties\/attester\//, schema: list(attesterDuty) },
  { path: /^\/eth\/v2\/debug\/beacon\/heads$/, schema: list(z.object({ slot: uint, root })) },
];

/** Answers that nothing reads. */
export const unread: readonly { path: RegExp; reason: string }[] = [
  { path: /^\/eth\/v1\/beacon\/blocks\/head\/root$/, reason: "the header, which is asked for, says the root, too" },
  {
    path: /^\/eth\/v1\/beacon\/states\/head\/root$/,
    reason: "the header, which is asked for, says the state's root, too",
  },
  {
    path: /^\/eth\/v1\/beacon\/states\/head\/fork$/,
    reason: "the forks are read from config/spec for all epochs at once",
  },
  { path: /^\/eth\/v1\/config\/fork_schedule$/, reason: "versions without names; config/spec names the forks" },
  {
    path: /^\/eth\/v1\/beacon\/rewards\//,
    reason: "what validators earned is theirs; it costs the node a replay of its states",
  },
  { path: /^\/eth\/v1\/lodestar\/peers$/, reason: "an answer of one client alone, beside the API's own node/peers" },
  { path: /^\/eth\/v1\/node\/health$/, reason: "says by its status what node/syncing says in words; it has no body" },
  { path: /^\/eth\/v1\/validator\/liveness\//, reason: "is asked for by POST, and a node is sent GET alone" },
];
