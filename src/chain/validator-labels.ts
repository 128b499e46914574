import { Fault } from "../lib/fault.ts";

/** What one line of a label file says: which validators, whose they are, and which nodes they use. */
export type ValidatorLabel = {
  group: string;
  /** Names of the beacon nodes that these validators use, where the file says so. */
  nodes: readonly string[];
  line: number;
} & ({ from: number; to: number } | { pubkey: string });

/** Labelled validators: disjoint ranges of indices by their first, and public keys in lower case. */
export type ValidatorLabels = {
  ranges: readonly (ValidatorLabel & { from: number; to: number })[];
  pubkeys: ReadonlyMap<string, ValidatorLabel & { pubkey: string }>;
  /** In the order of the file. */
  groups: readonly LabelledGroup[];
};

export type LabelledGroup = { group: string; nodes: readonly string[]; validators: number };

/** More than one operator has; each of them costs a document when it fails. */
export const MAX_LABELLED_VALIDATORS = 100_000;
/** Each has a figure in every slot's document. */
export const MAX_GROUPS = 256;
const MAX_INDEX = 2 ** 24 - 1;
const GROUP = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;
const NODE = /^[A-Za-z0-9_.-]{1,64}$/;
const PUBKEY = /^0x[0-9a-f]{96}$/;

/**
 * Reads the text of a label file: a line for each index, range (`a-b`, both ends included) or public key, then the group
 * and, with `@`, the nodes that these validators use. `#` begins a comment. Throws `labels_invalid`, which names the
 * line, and for what is labelled twice both lines; `file` is how the messages call the file.
 */
export function parseValidatorLabels(text: string, file: string): ValidatorLabels {
  const labels: ValidatorLabel[] = [];
  let validators = 0;
  for (const [index, raw] of text
    .replace(/^\ufeff/, "")
    .split(/\r\n|\n|\r/)
    .entries()) {
    const line = index + 1;
    const words = (raw.split("#")[0] ?? "").split(/[\s,;]+/).filter((word) => word !== "");
    if (words.length === 0) continue;
    const label = readLine(words, line, (message) => invalid(file, `line ${line}: ${message}`));
    validators += sizeOf(label);
    if (validators > MAX_LABELLED_VALIDATORS) {
      throw invalid(file, `line ${line}: more than ${MAX_LABELLED_VALIDATORS} validators are labelled`);
    }
    labels.push(label);
  }
  const { ranges, pubkeys } = disjoint(labels, file);
  const groups = groupsOf(labels);
  if (groups.length > MAX_GROUPS) throw invalid(file, `there are more than ${MAX_GROUPS} groups`);
  if (groups.length === 0) throw invalid(file, "no validator is labelled");
  return { ranges, pubkeys, groups };
}

function readLine(words: readonly string[], line: number, refuse: (message: string) => Fault): ValidatorLabel {
  const [who = "", group, ...rest] = words;
  if (group === undefined) throw refuse(`"${cut(who)}" has no group`);
  if (!GROUP.test(group))
    throw refuse(`the group "${cut(group)}" ${NAME_WORDS}, and must begin with a letter or digit`);
  const nodes = rest.map((word) => {
    if (!word.startsWith("@")) throw refuse(`"${cut(word)}" is no node: it must begin with @`);
    if (!NODE.test(word.slice(1))) throw refuse(`the node "${cut(word)}" ${NAME_WORDS}`);
    return word.slice(1);
  });
  const label = { group, nodes: [...new Set(nodes)], line };
  const pubkey = who.toLowerCase();
  if (pubkey.startsWith("0x")) {
    if (!PUBKEY.test(pubkey)) throw refuse(`"${cut(who)}" is no public key: it must be 0x and 96 hex digits`);
    return { ...label, pubkey };
  }
  const [, first = "", last = first] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(who) ?? [];
  if (first === "") throw refuse(`"${cut(who)}" is no index, range or public key`);
  const [from, to] = [Number(first), Number(last)];
  if (from > to) throw refuse(`the range ${from}-${to} ends before it begins`);
  if (to > MAX_INDEX) throw refuse(`the index ${to} is above ${MAX_INDEX}`);
  return { ...label, from, to };
}

/** No validator may have two labels. */
function disjoint(labels: readonly ValidatorLabel[], file: string): Pick<ValidatorLabels, "ranges" | "pubkeys"> {
  const ranges: ValidatorLabels["ranges"][number][] = [];
  const pubkeys = new Map<string, ValidatorLabel & { pubkey: string }>();
  for (const label of labels) {
    if ("from" in label) ranges.push(label);
    else {
      const known = pubkeys.get(label.pubkey);
      if (known !== undefined) throw twice(file, `the public key ${cut(label.pubkey)}`, known, label);
      pubkeys.set(label.pubkey, label);
    }
  }
  ranges.sort((a, b) => a.from - b.from);
  for (const [index, range] of ranges.entries()) {
    const next = ranges[index + 1];
    if (next !== undefined && next.from <= range.to) throw twice(file, `validator ${next.from}`, range, next);
  }
  return { ranges, pubkeys };
}

function groupsOf(labels: readonly ValidatorLabel[]): LabelledGroup[] {
  const groups = new Map<string, LabelledGroup>();
  for (const label of labels) {
    const known = groups.get(label.group) ?? { group: label.group, nodes: [], validators: 0 };
    groups.set(label.group, {
      group: label.group,
      nodes: [...new Set([...known.nodes, ...label.nodes])],
      validators: known.validators + sizeOf(label),
    });
  }
  return [...groups.values()];
}

const sizeOf = (label: ValidatorLabel) => ("from" in label ? label.to - label.from + 1 : 1);

const NAME_WORDS = "may hold letters, digits, '_', '.' and '-', at most 64";

function twice(file: string, what: string, one: ValidatorLabel, other: ValidatorLabel): Fault {
  const [first, second] = [one.line, other.line].sort((a, b) => a - b);
  return invalid(file, `${what} is labelled on line ${first} and on line ${second}`);
}

function invalid(file: string, message: string): Fault {
  return new Fault("labels_invalid", `${file}: ${message}.`);
}

/** The file's own words, cut short. */
function cut(text: string): string {
  return text.length > 24 ? `${text.slice(0, 20)}…` : text;
}
