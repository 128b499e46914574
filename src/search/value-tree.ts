import type { MappedField, Mapping } from "./target.ts";

/** A field, or what stands between fields, by the keys that lead to it: documents are walked along it. */
export type ValueNode = {
  path: string;
  /** Missing for the document itself, and where a mapping tells only of what is below. */
  field: MappedField | undefined;
  children: Map<string, ValueNode>;
  /** The longest string that is kept: what is longer stays in the document alone. */
  longest?: number;
};

const trees = new WeakMap<Mapping, ValueNode>();

/** The mapping as a tree, made once. Multi-fields have no place in it: nothing is written under their names. */
export function valueTree(mapping: Mapping): ValueNode {
  const known = trees.get(mapping);
  if (known !== undefined) return known;
  const root: ValueNode = { path: "", field: undefined, children: new Map() };
  const shared = sharedFields(mapping);
  for (const [path, field] of mapping) {
    if (field.of !== undefined && field.alias !== true) continue;
    const node = place(root, path, field);
    if (field.ignoreAbove !== undefined && !shared.has(path)) node.longest = field.ignoreAbove;
  }
  trees.set(mapping, root);
  return root;
}

const sharing = new WeakMap<Mapping, ReadonlySet<string>>();

/**
 * Fields that have multi-fields. Their values are kept whatever `ignore_above` says, since a multi-field may want them
 * all; those of all other fields are left out when they are stored.
 */
export function sharedFields(mapping: Mapping): ReadonlySet<string> {
  const known = sharing.get(mapping);
  if (known !== undefined) return known;
  const shared = new Set(
    [...mapping.values()].flatMap(({ of, alias }) => (of === undefined || alias === true ? [] : [of])),
  );
  sharing.set(mapping, shared);
  return shared;
}

function place(root: ValueNode, path: string, field: MappedField): ValueNode {
  let node = root;
  for (const key of path.split(".")) {
    const below = node.path === "" ? key : `${node.path}.${key}`;
    const next = node.children.get(key) ?? { path: below, field: undefined, children: new Map() };
    node.children.set(key, next);
    node = next;
  }
  node.field = field;
  return node;
}
