/** What a key of a watch means, and which keys it may hold. */
export type Help = {
  words: string;
  example?: string;
  keys?: Readonly<Record<string, Help>>;
  /** What each key or element is, where they have names of one's own. */
  any?: () => Help;
};

const OPERATORS: Readonly<Record<string, Help>> = {
  eq: { words: "is the same" },
  not_eq: { words: "is another" },
  gt: { words: "is more" },
  gte: { words: "is as much or more" },
  lt: { words: "is less" },
  lte: { words: "is as much or less" },
};

const SCRIPT: Help = {
  words:
    "An expression in a part of Painless: paths of ctx, params, arithmetic, comparisons, && || ! ?:, and lists with filter, map, sum, anyMatch and the like. Anything else is refused when the rule is saved.",
  example: '"return ctx.payload.delay_ms > params.limit"',
  keys: {
    source: { words: "The expression." },
    params: {
      words: "Values that the expression reads as params; they can be changed in the form.",
      any: () => ({ words: "A parameter." }),
    },
    lang: { words: "painless, and no other." },
  },
};

/** A condition, wherever one may stand. */
export function conditionHelp(): Help {
  return {
    words: "A condition.",
    keys: {
      always: { words: "It is met always.", example: "{}" },
      never: { words: "It is met never: the rule rests.", example: "{}" },
      compare: {
        words: "A path of ctx against a value.",
        example: '{"ctx.payload.hits.total": {"gte": 5}}',
        any: () => ({
          words:
            'The path, with one comparison. The value may be date math, "<{now-5m}>", or another path, "{{ctx.…}}".',
          keys: OPERATORS,
        }),
      },
      array_compare: {
        words: "The elements of a list against a value; an empty list does not meet it.",
        example: '{"ctx.payload.aggregations.by.buckets": {"path": "doc_count", "gte": {"value": 25}}}',
        any: () => ({
          words: "The path of the list.",
          keys: {
            path: { words: "What of each element is compared." },
            ...Object.fromEntries(
              Object.entries(OPERATORS).map(([name, help]) => [
                name,
                {
                  ...help,
                  keys: {
                    value: { words: "With what." },
                    quantifier: { words: "some (the default) or all of the elements." },
                  },
                },
              ]),
            ),
          },
        }),
      },
      script: SCRIPT,
    },
  };
}

const SEARCH: Help = {
  words: "A search; its answer is the payload.",
  keys: {
    request: {
      words: "Where and what to search.",
      keys: {
        indices: { words: "Names and patterns of indices; docs/datasets.md has ours.", example: '["ethmon-slot-*"]' },
        body: {
          words: "The search in Query DSL. `now` in date math is the moment of the check.",
          example: '{"size": 0, "query": {"range": {"@timestamp": {"gte": "now-5m"}}}}',
          keys: {
            size: { words: "How many documents the answer holds." },
            query: { words: "Which documents." },
            aggs: { words: "Aggregations: counts and figures by buckets." },
            sort: { words: "Which of them come first." },
            track_total_hits: { words: "true: hits.total is exact." },
          },
        },
        template: { words: "A search template, instead of the body." },
        search_type: { words: "query_then_fetch; the other ones change nothing here." },
      },
    },
    extract: { words: "Only these paths of the answer are kept.", example: '["hits.total"]' },
    timeout: { words: "The search may take so long.", example: '"10s"' },
  },
};

/** An HTTP request, of an input or of a webhook. */
export const HTTP_KEYS: Readonly<Record<string, Help>> = {
  url: { words: "The whole address, instead of scheme, host, port and path." },
  scheme: { words: "http or https." },
  host: { words: "The host alone." },
  port: { words: "Its port." },
  path: { words: "The path, a template." },
  method: { words: "get, head, post, put, delete or patch." },
  headers: { words: "Headers by name; templates.", any: () => ({ words: "A header." }) },
  params: { words: "The query by name; templates.", any: () => ({ words: "A part of the query." }) },
  body: { words: "What is sent, a template. Within JSON, {{#toJson}}ctx.payload{{/toJson}} writes a value." },
  auth: {
    words: "How to log in. A password is shown as ::es_redacted:: and stays what it was when it is saved so.",
    keys: {
      basic: {
        words: "By name and password.",
        keys: { username: { words: "Name." }, password: { words: "Password." } },
      },
    },
  },
  connection_timeout: { words: "Until it stands.", example: '"5s"' },
  read_timeout: { words: "Until the answer is there.", example: '"10s"' },
};

export function inputHelp(): Help {
  return {
    words: "What is looked at: the payload of the condition. Of a stream the document itself, where there is no input.",
    keys: {
      search: SEARCH,
      http: {
        words: "The answer of an HTTP request.",
        keys: {
          request: { words: "The request.", keys: HTTP_KEYS },
          extract: { words: "Only these paths of the answer are kept." },
          response_content_type: { words: "json, yaml or text, whatever the answer says of itself." },
        },
      },
      simple: { words: "A payload that is written here.", any: () => ({ words: "A value of the payload." }) },
      chain: {
        words: "Several inputs one after the other: each sees those before it as ctx.payload by their names.",
        keys: {
          inputs: {
            words: "The inputs, each under a name.",
            any: () => ({ words: "One input under its name.", any: inputHelp }),
          },
        },
      },
      none: { words: "Nothing.", example: "{}" },
      transform: { ...transformHelp(), words: "What is made of the payload so far." },
    },
  };
}

export function transformHelp(): Help {
  return {
    words: "Makes another payload of what was found, for the actions.",
    keys: {
      script: SCRIPT,
      search: SEARCH,
      chain: { words: "Several, one after the other.", any: transformHelp },
    },
  };
}
