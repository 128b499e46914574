import {
  type DutyRecord,
  dutyDataset,
  type ValidatorEpochRecord,
  validatorEpochDataset,
} from "../../events/duty-records.ts";
import { fieldOf } from "../../events/record.ts";
import { Fault } from "../../lib/fault.ts";
import { MAX_RESULT_WINDOW } from "../../search/limits.ts";
import type { QueryBody } from "../../search/request.ts";
import type { Store } from "../../store/store.ts";
import type { Source } from "../source.ts";
import { groupViews, validatorViews } from "../validator-groups.ts";
import type { GroupAnswer, NetworkView, ValidatorsAnswer } from "../views.ts";
import { searchPage, searchRecords } from "./stored-records.ts";

type Asked = {
  store: Pick<Store, "search">;
  network: NetworkView;
  labels: ReturnType<Source["labels"]>;
  /** How many epochs back, the running one counted. */
  epochs: number;
  nowMs: number;
  signal: AbortSignal;
};

/** All labelled groups over the last epochs. */
export async function readGroups(asked: Asked): Promise<ValidatorsAnswer> {
  const { labels = [] } = asked;
  const { records, from_epoch, through_epoch } = await readEpochs(asked, []);
  const known = records.filter(({ group }) => labels.some((label) => label.group === group));
  return {
    labelled: asked.labels !== undefined,
    from_epoch,
    through_epoch,
    groups: groupViews({ labels, records: known }),
  };
}

/** One group: its figures, its validators with faults, and one page of the faults. Throws `group_unknown`. */
export async function readGroup(
  asked: Asked & { group: string; limit: number; before?: number | undefined },
): Promise<GroupAnswer> {
  const { store, network, labels = [], group, limit, before, signal } = asked;
  const label = labels.filter((one) => one.group === group);
  const { records, from_epoch, through_epoch } = await readEpochs(asked, [
    { term: { [fieldOf(validatorEpochDataset, "group")]: group } },
  ]);
  const [view] = groupViews({ labels: label, records });
  if (view === undefined) {
    const names = labels.map((one) => one.group).join(", ");
    throw new Fault("group_unknown", `There is no group of this name; the groups are ${names || "none"}.`);
  }
  const query = {
    dataset: dutyDataset,
    network: network.name,
    filter: [
      { term: { [fieldOf(dutyDataset, "group")]: group } },
      { range: { [fieldOf(dutyDataset, "epoch")]: { gte: from_epoch } } },
    ],
    mustNot: [{ term: { [fieldOf(dutyDataset, "withdrawn")]: true } }],
    signal,
  };
  const [faults, page] = await Promise.all([
    searchRecords<DutyRecord>(store, { ...query, sort: [{ [fieldOf(dutyDataset, "slot")]: "desc" }] }),
    searchPage<DutyRecord>(store, { ...query, key: "slot", tieBreak: fieldOf(dutyDataset, "id"), limit, before }),
  ]);
  return {
    group: view,
    from_epoch,
    through_epoch,
    validators: validatorViews(faults),
    faults: page.records,
    next_before: page.next_before,
  };
}

/** The epochs' records, newest first; where there are more than one search gives, the epoch that is cut is left out. */
async function readEpochs(
  { store, network, epochs, nowMs, signal }: Asked,
  filter: readonly QueryBody[],
): Promise<{ records: ValidatorEpochRecord[]; from_epoch: number; through_epoch: number }> {
  const epochMs = network.slot_duration_ms * network.slots_per_epoch;
  const through_epoch = Math.max(0, Math.floor((nowMs - network.genesis_time * 1000) / epochMs));
  const from_epoch = Math.max(0, through_epoch - epochs + 1);
  const epoch = fieldOf(validatorEpochDataset, "epoch");
  const records = await searchRecords<ValidatorEpochRecord>(store, {
    dataset: validatorEpochDataset,
    network: network.name,
    filter: [...filter, { range: { [epoch]: { gte: from_epoch, lte: through_epoch } } }],
    sort: [{ [epoch]: "desc" }],
    signal,
  });
  const last = records.at(-1);
  if (records.length < MAX_RESULT_WINDOW || last === undefined) return { records, from_epoch, through_epoch };
  return { records: records.filter((record) => record.epoch > last.epoch), from_epoch: last.epoch + 1, through_epoch };
}
