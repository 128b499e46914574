import type { Method } from "../src/alert/script/method.ts";
import { methods } from "../src/alert/script/methods.ts";
import { MAX_NESTING, MAX_STEPS } from "../src/alert/script/scope.ts";
import { type Static, statics } from "../src/alert/script/statics.ts";

/** The page docs/watch-scripts.md: the part of Painless that watches may use, as the code has it. */
export function watchScriptsPage(): string {
  return [
    ...HEAD,
    ...GRAMMAR,
    ...VALUES,
    "## Methods",
    "",
    "| method | of |",
    "|---|---|",
    ...[...methods].map(([name, method]) => `| ${formsOf(name, method)} | ${method.words} |`),
    "",
    "| function | gives |",
    "|---|---|",
    ...[...statics].map(([name, found]) => `| \`${name}(${argumentsOf(found)})\` | ${found.words} |`),
    "",
    ...FAILURES,
  ]
    .join("\n")
    .trimEnd()
    .concat("\n");
}

function formsOf(name: string, { arity, lambda }: Method): string {
  if (lambda === true) return `\`${name}(x -> …)\``;
  return arity.map((count) => `\`${name}(${"abc".slice(0, count).split("").join(", ")})\``).join(", ");
}

function argumentsOf({ arity }: Static): string {
  return "abc".slice(0, arity).split("").join(", ");
}

const HEAD: readonly string[] = [
  "# Scripts of watches",
  "",
  "A script of a watch ([watches.md](watches.md)) is one expression of Painless. What is listed here means what it means in",
  "Elasticsearch, so that the same watch can run there. Anything else is refused when the watch is put, with Elasticsearch's",
  "`script_exception`: `reason` is `compile error`, `script_stack` has an arrow below the place, `caused_by` names the part.",
  "There are no statements: no `def`, `if`, `for`, `new`, no assignment, no regular expression, no stored script.",
  "",
];

const GRAMMAR: readonly string[] = [
  "## Grammar",
  "",
  "```",
  'script     = [ "return" ] expression [ ";" ]',
  'expression = either [ "?" expression ":" expression | "?:" expression ]',
  'either     = both { "||" both }',
  'both       = equality { "&&" equality }',
  'equality   = relation { ( "==" | "!=" | "===" | "!==" ) relation }',
  'relation   = sum { ( "<" | "<=" | ">" | ">=" ) sum }',
  'sum        = product { ( "+" | "-" ) product }',
  'product    = unary { ( "*" | "/" | "%" ) unary }',
  'unary      = ( "!" | "-" | "+" ) unary | [ "(" ( "double" | "long" | "int" ) ")" ] postfix',
  'postfix    = primary { ( "." | "?." ) ( name [ arguments ] | index ) | "[" expression "]" }',
  'arguments  = "(" [ argument { "," argument } ] ")"',
  'argument   = expression | name "->" expression | "(" name ")" "->" expression',
  'primary    = number | text | "true" | "false" | "null" | "ctx" | "params" | name of a lambda',
  '           | class "." function arguments | "(" expression ")" | list | map',
  'list       = "[" [ expression { "," expression } ] "]"',
  'map        = "[" ":" "]" | "[" text ":" expression { "," text ":" expression } "]"',
  "```",
  "",
  "- Texts stand in single or double quotes; `\\'`, `\\\"` and `\\\\` are the escapes.",
  "- Numbers: `5`, `5L`, `5.0`, `5d`, `1e3`. Comments: `// …` and `/* … */`.",
  "- `a.b`, `a['b']`: a member of a map, `null` where there is none. `list[0]`, `list.0`: an element; `list[-1]` is the last.",
  "- `a?.b` is `null` where `a` is. It does not shield what follows: `a?.b.c` fails where `a` is `null`, as in Painless.",
  "- `a ?: b` is `b` where `a` is `null`.",
  "",
];

const VALUES: readonly string[] = [
  "## Values",
  "",
  "- `ctx.payload`, `ctx.vars`, `ctx.metadata`, `ctx.trigger`, `ctx.execution_time`, `ctx.watch_id`, `ctx.id`; `params` of the",
  "  script. Times are texts. Only a document's own members are seen.",
  "- A number that is whole is an integer, unless it was written or made as a double (`100.0`, `(double)`, an average).",
  "  `7 / 2` is 3, `7 / 2.0` is 3.5. A whole number of the payload is an integer even where Elasticsearch wrote `5.0`:",
  "  where a share is wanted, write `1.0 * a / b`. Beyond 2^53 numbers are doubles.",
  "- Numbers with all digits (`unsigned_long` of [datasets.md](datasets.md)) are texts: `Long.parseLong(…)`.",
  "- `+` with a text makes a text, with Java's words: `null`, `5.0`, `[1, 2]`, `{a=1}`.",
  "- `==` compares by value, lists and maps, too. `<` and the like are for numbers.",
  "- A stream is read once, element by element, and no further than needed.",
  "",
];

const FAILURES: readonly string[] = [
  "## What fails when it runs",
  "",
  "The check fails with `script_exception`, `runtime error`, as Painless fails: a member or a method of `null`",
  "(`null_pointer_exception`), a method that a value does not have (`illegal_argument_exception`), numbers compared with",
  "texts and conditions that are no boolean (`class_cast_exception`), an index that is not there",
  "(`index_out_of_bounds_exception`), whole numbers divided by zero (`arithmetic_exception`). A failed check is in the",
  "watch's history; it fires nothing.",
  "",
  `One run may take ${MAX_STEPS} steps: members, calls, elements, and every 64 characters of texts. Values may be nested`,
  `${MAX_NESTING} deep. So no script and no payload can hold the program up.`,
];
