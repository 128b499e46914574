import fc from "fast-check";

/** Fields of documents to be tried, by what stands in them; `MAPPING` has those that are mapped. */
const LEAVES: Readonly<Record<string, Kind>> = {
  k: "text",
  short: "text",
  t: "text",
  none: "text",
  "obj.k": "text",
  l: "number",
  ul: "number",
  d: "number",
  f: "number",
  s: "number",
  h: "number",
  b: "boolean",
  at: "date",
  "@timestamp": "date",
  ip: "ip",
  unknown: "any",
  "1": "number",
  "10": "text",
};
const BRANCHES: readonly string[] = ["obj", "obj.deep", "nest", "flat", "off", "more"];

export const MAPPING = {
  properties: {
    k: { type: "keyword" },
    short: { type: "keyword", ignore_above: 5 },
    t: { type: "text", fields: { keyword: { type: "keyword" } } },
    none: { type: "keyword", null_value: "nothing" },
    l: { type: "long", ignore_malformed: true },
    ul: { type: "unsigned_long", ignore_malformed: true },
    d: { type: "double", ignore_malformed: true },
    f: { type: "float", ignore_malformed: true },
    s: { type: "scaled_float", scaling_factor: 100, ignore_malformed: true },
    h: { type: "half_float", ignore_malformed: true },
    b: { type: "boolean", ignore_malformed: true },
    at: { type: "date", ignore_malformed: true },
    ip: { type: "ip", ignore_malformed: true },
    "1": { type: "long", ignore_malformed: true },
    "10": { type: "keyword" },
    obj: {
      properties: {
        k: { type: "keyword" },
        l: { type: "long", ignore_malformed: true },
        deep: { properties: { at: { type: "date", ignore_malformed: true }, b: { type: "boolean" } } },
      },
    },
    nest: { type: "nested", properties: { k: { type: "keyword" }, l: { type: "long", ignore_malformed: true } } },
    flat: { type: "flattened" },
    off: { type: "object", enabled: false },
  },
};

type Kind = "text" | "number" | "boolean" | "date" | "ip" | "any";

const text = fc
  .tuple(
    fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string(),
      fc.constantFrom("", "<a & b>", "\u0000", "\ud800", "\u2028", 'q"\\'),
    ),
    fc.constantFrom(JSON.stringify, forHtml, inEscapes, inAscii),
  )
  .map(([value, write]) => write(value));
const number = fc.oneof(
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.integer({ max: 99_999 }).map((value) => String(value / 1000)),
  fc.float({ noNaN: true, noDefaultInfinity: true }).map((value) => String(Number(value.toPrecision(7)))),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
  fc.constantFrom(
    "-0",
    "0.0",
    "1.0",
    "1e5",
    "1E-7",
    "1e+21",
    "0.10",
    "18446744073709551615",
    "9007199254740993",
    '"12"',
    '"1.50"',
    '""',
  ),
);
const date = fc
  .tuple(
    fc.date({ min: new Date("1900-01-01"), max: new Date("2200-01-01"), noInvalidDate: true }),
    fc.constantFrom("ms", "s", "us", "ns", "zone", "day", "epoch"),
  )
  .map(([moment, form]) => {
    const iso = moment.toISOString();
    switch (form) {
      case "s":
        return `"${iso.slice(0, 19)}Z"`;
      case "us":
        return `"${iso.slice(0, -1)}250Z"`;
      case "ns":
        return `"${iso.slice(0, -1)}250001Z"`;
      case "zone":
        return `"${iso.slice(0, -1)}+02:00"`;
      case "day":
        return `"${iso.slice(0, 10)}"`;
      case "epoch":
        return String(moment.getTime());
      default:
        return `"${iso}"`;
    }
  });
const ip = fc
  .oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom("::1", "2001:DB8::1", "::ffff:1.2.3.4"))
  .map((value) => `"${value}"`);
const boolean = fc.constantFrom("true", "false", '"true"', '"false"', '""');
const LEAF: Readonly<Record<Kind, fc.Arbitrary<string>>> = {
  text: fc.oneof({ weight: 6, arbitrary: text }, number, fc.constantFrom("true", "null")),
  number: fc.oneof({ weight: 6, arbitrary: number }, text, fc.constant("null")),
  boolean: fc.oneof({ weight: 6, arbitrary: boolean }, fc.constant("null")),
  date: fc.oneof({ weight: 6, arbitrary: date }, fc.constant("null")),
  ip: fc.oneof({ weight: 6, arbitrary: ip }, fc.constant("null")),
  any: fc.oneof(text, number, boolean, date, ip, fc.constant("null")),
};

/** A document without its leaves. */
type Tree = { kind: Kind } | { list: readonly Tree[] } | { members: readonly (readonly [string, Tree])[] };

const { members } = fc.letrec<{ value: Tree; members: Tree; member: readonly [string, Tree] }>((tie) => ({
  value: fc.oneof(
    { weight: 3, arbitrary: fc.constant<Tree>({ kind: "any" }) },
    tie("members"),
    fc.array(tie("value"), { maxLength: 3 }).map((list): Tree => ({ list })),
  ),
  members: fc.array(tie("member"), { maxLength: 8 }).map((list): Tree => ({ members: list })),
  member: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...Object.keys(LEAVES)).chain(leafMember) },
    fc.tuple(
      fc.constantFrom(...BRANCHES).map((key) => JSON.stringify(key)),
      tie("members"),
    ),
    fc.tuple(
      fc.constantFrom(...BRANCHES).map(inEscapes),
      fc.array(tie("members"), { maxLength: 3 }).map((list): Tree => ({ list })),
    ),
    fc.tuple(text, tie("value")),
  ),
}));

function leafMember(name: string): fc.Arbitrary<readonly [string, Tree]> {
  const kind = LEAVES[name] ?? "any";
  return fc
    .oneof(
      { weight: 3, arbitrary: fc.constant<Tree>({ kind }) },
      fc.array(fc.constant<Tree>({ kind }), { maxLength: 3 }).map((list): Tree => ({ list })),
    )
    .map((tree) => [JSON.stringify(name), tree]);
}

/** Texts of documents that programs would write one after the other: most are of one shape. */
export const jsonTexts: fc.Arbitrary<string[]> = fc
  .tuple(fc.array(members, { minLength: 1, maxLength: 3 }), fc.constantFrom("", " ", "\n\t"), fc.nat({ max: 6 }))
  .chain(([trees, space, repeated]) =>
    fc.tuple(...trees.flatMap((tree) => Array.from({ length: 1 + repeated }, () => written(tree, space)))),
  );

function written(tree: Tree, space: string): fc.Arbitrary<string> {
  if ("kind" in tree) return LEAF[tree.kind];
  const isList = "list" in tree;
  const parts = isList
    ? tree.list.map((item) => written(item, space))
    : tree.members.map(([key, item]) => written(item, space).map((value) => `${key}${space}:${space}${value}`));
  const joined = fc.tuple(...parts).map((list) => list.join(`${space},${space}`));
  return joined.map((inner) => (isList ? `[${space}${inner}${space}]` : `{${space}${inner}${space}}`));
}

function forHtml(value: string): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, inEscape);
}

function inAscii(value: string): string {
  return JSON.stringify(value)
    .replace(/[^ -~]/g, inEscape)
    .replaceAll("/", "\\/");
}

function inEscapes(value: string): string {
  return `"${value.split("").map(inEscape).join("")}"`;
}

function inEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
