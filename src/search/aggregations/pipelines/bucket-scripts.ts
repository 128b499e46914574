import type { Options } from "../../queries/clause.ts";
import { type Kind, type KindContext, kindOptions } from "../kind.ts";
import { valueResult } from "../metrics/single-value.ts";
import type { Bucket } from "../result.ts";
import { type GapPolicy, valueAt } from "./paths.ts";
import { formatOption, gapPolicy, namedPaths } from "./pipeline-options.ts";
import { type Script, scriptOption } from "./script.ts";
import { withInner } from "./series-pipelines.ts";

const LANGUAGE = "numbers, `params.x`, `+ - * / %`, comparisons, `&& || !`, `a ? b : c` and `Math.*`";

export const bucketScriptKind: Kind = {
  family: "pipeline",
  words: `A number computed in each bucket by a \`script\` from those of \`buckets_path\`: ${LANGUAGE}.`,
  options: ["buckets_path", "gap_policy", "format", "script"],
  differs: "Any other Painless is refused.",
  parse(body, context) {
    const options = kindOptions(context, body, bucketScriptKind);
    const text = formatOption(options);
    const { script, numbersOf, paths, gaps } = scripted(context, options);
    return {
      family: "pipeline",
      pipeline: {
        kind: "parent",
        paths,
        apply: (buckets, name) =>
          buckets.map((bucket) => {
            const numbers = numbersOf(bucket);
            const gap = Object.values(numbers).some((value) => value === undefined || Number.isNaN(value));
            if (gaps === "skip" && gap) return bucket;
            const value = script(numbers);
            if (value === null) return bucket;
            const number = typeof value === "number" && Number.isFinite(value) ? value : null;
            return withInner(bucket, name, valueResult("simple_value", number, text));
          }),
      },
    };
  },
};

export const bucketSelectorKind: Kind = {
  family: "pipeline",
  words: `Keeps the buckets for which a \`script\` is true: ${LANGUAGE}.`,
  options: ["buckets_path", "gap_policy", "script"],
  differs: "Any other Painless is refused.",
  parse(body, context) {
    const options = kindOptions(context, body, bucketSelectorKind);
    const { script, numbersOf, paths } = scripted(context, options);
    return {
      family: "pipeline",
      pipeline: {
        kind: "parent",
        paths,
        apply: (buckets) =>
          buckets.filter((bucket) => {
            const value = script(numbersOf(bucket));
            return value === true || value === 1;
          }),
      },
    };
  },
};

type Scripted = {
  script: Script;
  paths: readonly string[];
  gaps: GapPolicy;
  numbersOf(bucket: Bucket): Record<string, number | undefined>;
};

function scripted(context: KindContext, options: Options): Scripted {
  const paths = namedPaths(context, options);
  const gaps = gapPolicy(options);
  return {
    script: scriptOption(options),
    paths: [...paths.values()],
    gaps,
    numbersOf: (bucket) => Object.fromEntries([...paths].map(([name, path]) => [name, valueAt(bucket, path, gaps)])),
  };
}
