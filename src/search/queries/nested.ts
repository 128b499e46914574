import { jsonAt } from "../fields/find-field.ts";
import { invalid, unforeseen, unsupported } from "../search-fault.ts";
import { type Clause, readOptions } from "./clause.ts";

const SCORE_MODES = ["avg", "sum", "min", "max", "none"];

export const nestedClause: Clause = {
  words: "Documents of which one object of the nested field `path` matches `query` by itself.",
  options: ["path", "query", "ignore_unmapped"],
  ignored: ["score_mode"],
  differs: "`inner_hits` and nested fields within nested fields are refused.",
  parse(body, parser) {
    const options = readOptions("nested", body, nestedClause);
    const path = options.text("path");
    if (path === undefined) throw invalid("[nested] requires 'path' field", "illegal_argument_exception");
    if (!options.has("query")) throw invalid("[nested] requires 'query' field", "illegal_argument_exception");
    const mode = options.text("score_mode") ?? "avg";
    if (!SCORE_MODES.includes(mode)) {
      throw invalid(`No score mode for child query [${mode}] found`, "illegal_argument_exception");
    }
    const inner = parser.parse(options.raw("query"));
    const ignoreUnmapped = options.flag("ignore_unmapped");
    return {
      compile(context) {
        if (context.nested !== undefined) throw unsupported("[nested] within [nested]");
        if (context.target.foreign?.mapping.get(path)?.type !== "nested") {
          if (ignoreUnmapped) return "FALSE";
          throw unforeseen(`[nested] failed to find nested object under path [${path}]`);
        }
        const condition = inner.compile({ ...context, nested: { path, object: "object" } });
        return `len(list_filter(CAST(${jsonAt("_values", path)} AS JSON[]), lambda object: ${condition})) > 0`;
      },
    };
  },
};
