import { conditionHelp, type Help } from "./watch-help-parts.ts";

/** The keys of `metadata.alert`, which Watcher does not know and leaves alone. */
export const ALERT_KEYS: Readonly<Record<string, Help>> = {
  scope: {
    words:
      "What it is about: network, node, validators, host or monitor. What is of the network is not judged while our own data are bad.",
    example: '"network"',
  },
  severity: {
    words:
      "info, warning, high, critical or emergency; or a list, of which the first that is met counts. Red begins with high.",
    example: '[{"severity": "high", "when": {"compare": {"ctx.payload.depth": {"gte": 3}}}}, {"severity": "warning"}]',
    any: () => ({
      words: "One step of the list.",
      keys: {
        severity: { words: "info, warning, high, critical or emergency." },
        when: { ...conditionHelp(), words: "When it is that bad; without it always." },
      },
    }),
  },
  about: {
    words:
      "What one alert is about, a template: of each there is one alert at a time. Without it there is one of the whole rule.",
    example: '"{{ctx.payload.observer.name}}"',
  },
  title: {
    words: "What happened, in a line; a template.",
    example: '"Block of slot {{ctx.payload.ethereum.slot}} late"',
  },
  text: { words: "What it means, with its figures; a template." },
  check_first: { words: "What to look at first, for somebody who was just woken." },
  link: { words: "A page of ours that shows it; a template.", example: '"/slot/{{ctx.payload.ethereum.slot}}"' },
  slot: { words: "The slot it is about; a template.", example: '"{{ctx.payload.ethereum.slot}}"' },
  nodes: {
    words: "The nodes it is about; templates, which may give several with commas between them.",
    example: '["{{ctx.payload.observer.name}}"]',
  },
  each: { words: "Path of a list in the payload: each element is an alert of its own, seen as ctx.payload." },
  needs_nodes: {
    words:
      "It is judged only while so many nodes stream and are in sync: a number, or majority. Majority by default for the network.",
  },
  needs_clock: { words: "true: it compares moments, so that the machine's clock must be trusted." },
  holds_for: { words: "The condition must be met so long before it is an alert.", example: '"2 slots"' },
  over_after: {
    words: "It is over when the condition was not met for so long: a time, slots or epochs. Without it at once.",
    example: '"4 slots"',
  },
  event: {
    words:
      "true: it is of a moment that nothing takes back, such as a reorg. It is over so long after it was last met.",
  },
  tell_over: { words: "Say when it is over, with its duration. true by default, unless it is of a moment." },
  metric: {
    words: "The figure that the picture in a mail and of a back-test shows.",
    keys: {
      value: { words: "A path of ctx, or a script.", example: '"payload.ethereum.delay_ms"' },
      title: { words: "What it is." },
      unit: { words: "Its unit.", example: '"ms"' },
    },
  },
};
