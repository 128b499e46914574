import type { MappedField, Mapping } from "./target.ts";

/** A field, or what stands between fields, by the keys that lead to it: documents are walked along it. */
export type ValueNode = {
  path: string;
  /** Missing for the document itself, and where a mapping tells only of what is below. */
  field: MappedField | undefined;
  children: Map<string, ValueNode>;
};

const trees = new WeakMap<Mapping, ValueNode>();

/** The mapping as a tree, made once. Multi-fields have no place in it: nothing is written under their names. */
export function valueTree(mapping: Mapping): ValueNode {
  const known = trees.get(mapping);
  if (known !== undefined) return known;
  const root: ValueNode = { path: "", field: undefined, children: new Map() };
  for (const [path, field] of mapping) {
    if (field.of === undefined || field.alias === true) place(root, path, field);
  }
  trees.set(mapping, root);
  return root;
}

function place(root: ValueNode, path: string, field: MappedField): void {
  let node = root;
  for (const key of path.split(".")) {
    const below = node.path === "" ? key : `${node.path}.${key}`;
    const next = node.children.get(key) ?? { path: below, field: undefined, children: new Map() };
    node.children.set(key, next);
    node = next;
  }
  node.field = field;
}
