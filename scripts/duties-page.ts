import { MAX_GROUPS, MAX_LABELLED_VALIDATORS } from "../src/chain/validator-labels.ts";
import { type DutyCause, dutyCauses } from "../src/events/duty-records.ts";
import { proposalRules } from "../src/measure/duties/proposal-rules.ts";
import { voteRules } from "../src/measure/duties/vote-rules.ts";

/** The page docs/duties.md: label files, what is judged when, and the rules in their order, as the code has them. */
export function dutiesPage(): string {
  return [
    ...LABELS,
    ...JUDGED,
    "## Causes",
    "",
    "A fault has one cause: that of the first rule that holds. What lies with others is asked for first, so that a fault",
    "that others have as well is not yours. `side` says with whom the cause lies: `own`, `network`, or `unclear` where",
    "nothing that was seen explains it. The sentence of a fault names its evidence; `evidence` holds it as numbers.",
    "",
    "Times are from the start of the duty's slot. Deadlines are those of the slot's fork. *Own nodes* are those that the",
    "validator's line of the label file names; rules that speak of them hold for no validator without.",
    "",
    "A node is *silent* in a slot when nothing of it arrived by the aggregates' deadline although its stream was up and",
    "another node was heard. A node whose stream was down is not: it was not listened to.",
    "",
    "### Votes and sync committee signatures",
    "",
    ...ruleTable(voteRules),
    "### Proposals",
    "",
    ...ruleTable(proposalRules),
    ...LIMITS,
  ]
    .join("\n")
    .trimEnd()
    .concat("\n");
}

function ruleTable(rules: readonly { cause: DutyCause; words: string }[]): string[] {
  return [
    "| # | cause | side | holds when |",
    "|---|---|---|---|",
    ...rules.map(({ cause, words }, index) => `| ${index + 1} | \`${cause}\` | ${dutyCauses[cause]} | ${words} |`),
    "",
  ];
}

const LABELS: readonly string[] = [
  "# Duties of your own validators",
  "",
  "A label file says which validators are yours. `validators.labels` in the configuration, or `--labels FILE`, names it:",
  "",
  "```",
  "# index, range (both ends included) or public key; group; the nodes that these validators use",
  "1200-1299     home  @lighthouse-1",
  "1300          home  @teku-1 @lighthouse-1",
  "0x93247f…     guest",
  "```",
  "",
  "Words stand apart by blanks, commas or semicolons; `#` begins a comment. A group's name may hold letters, digits, `_`,",
  "`.` and `-`, at most 64. `@` names nodes as the configuration does. No validator may be labelled twice. There may be",
  `${MAX_GROUPS} groups and ${MAX_LABELLED_VALIDATORS} validators. A line that cannot be read, and two lines for one validator, are told with`,
  "their numbers, and nothing starts. The file is read at the start: restart the monitor when it changes.",
  "",
  "The index of a public key stands in the validator set (`validators.set_every_epochs`). Until that was read nothing is",
  "known of validators that are labelled by public key; a group in the votes of a slot counts them from the next epoch on.",
  "",
  "`ethmon replay DIR --labels FILE` judges a recording.",
  "",
];

const JUDGED: readonly string[] = [
  "## What is judged",
  "",
  "| duty | ok | faults |",
  "|---|---|---|",
  "| vote | in the next slot's canonical block, with the canonical source, target and head | `missed`: in no canonical block; `wrong_target`; `wrong_head`; `late`: right, and in a later block |",
  "| proposal | canonical, first seen by the attestation deadline | `missed`: no node saw a block; `orphaned`: a block that is not canonical; `late` |",
  "| sync committee | signed, in each canonical block of the epoch | `missed`: the bits of some blocks are not set |",
  "",
  "Each vote comes to exactly one thing, the first that holds of: missed, wrong target, wrong head, late, ok; or `pending`",
  "where it cannot be judged yet, and `unknown` where blocks that could carry it were not read. A vote is told as missed",
  "when the blocks of two slots after its own do not have it. That is not `final` before the end of the next epoch (before",
  "Deneb: an epoch's length later), until which a block may still carry it (EIP-7045): then it becomes `late`. When the",
  "chain turns, faults that are none any more are `withdrawn`.",
  "",
  "The aggregate in a block is over the block of the slot before, by the committee of its own slot; slots whose next slot",
  "has no block count for nobody. A validator's missing signatures are one fault an epoch, with the cause of most of them.",
  "",
  "Faults are documents of the index `duty`; figures by group and epoch are documents of `validator_epoch`; both are kept",
  "for ever (docs/datasets.md). Duties that were done are not documents of their own: `validator_epoch` counts them.",
  "",
];

const LIMITS: readonly string[] = [
  "## Limits",
  "",
  "- After a restart the duties of slots before it are not judged any more: what the earlier run told of them stands. Of",
  "  an epoch that lies before and after it, the figures stand of the run that judged more of its votes.",
  "- A vote that no stream told of and that a block carries late is `late`, even if it named another head.",
  "- What a node does not send cannot be missed by it: a node that tells of few topics is silent sooner.",
  "- Without the sync committee (`/eth/v1/beacon/states/head/sync_committees`) `sync_expected` has no value.",
];
