/** What is told at each block: by webhook and mail of the event itself, and by webhook of the slot that is measured from it. */
export function tellingWatches(webhookPort: number): Record<string, object> {
  const hook = (text: string) => ({
    webhook: { method: "POST", url: `http://127.0.0.1:${webhookPort}/`, body: text },
  });
  const block = (actions: object) => ({
    trigger: { stream: { dataset: "ethereum.block_gossip" } },
    throttle_period: "0s",
    actions,
  });
  return {
    "hook-event": block({ hook: hook("told hook-event {{ctx.payload.@timestamp}}") }),
    "mail-event": block({
      mail: { email: { subject: "A block", body: { text: "told mail-event {{ctx.payload.@timestamp}}" } } },
    }),
    "hook-slot": {
      trigger: { stream: { dataset: "slot", last: 32 } },
      condition: { script: "ctx.payload.ethereum?.delay_ms != null" },
      transform: {
        script:
          "['slot': ctx.payload.ethereum.slot, 'arrived': ctx.payload.ethereum.delay_ms, 'start': ctx.payload['@timestamp']]",
      },
      actions: { hook: hook("told hook-slot {{ctx.payload.start}}+{{ctx.payload.arrived}}") },
      metadata: {
        alert: {
          scope: "network",
          about: "{{ctx.payload.slot}}",
          title: "Slot {{ctx.payload.slot}}",
          text: "Its block came",
          slot: "{{ctx.payload.slot}}",
          event: true,
          over_after: "4 slots",
        },
      },
    },
  };
}

const STREAMS = [
  "ethereum.block_gossip",
  "ethereum.block",
  "ethereum.head",
  "ethereum.contribution_and_proof",
  "slot",
  "node_slot",
  "slot_votes",
  "epoch",
];

/** Rules that are checked all the time and find nothing, of the forms that the shipped ones have. */
export function quietWatches(count: number): Record<string, object> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`quiet-${i}`, quietWatch(i)]));
}

function quietWatch(i: number): object {
  const dataset = STREAMS[i % STREAMS.length] ?? "slot";
  const conditions = [
    { compare: { "ctx.payload.ethereum.slot": { lt: 0 } } },
    { script: "ctx.payload.ethereum?.delay_ms != null && ctx.payload.ethereum.delay_ms > 100000" },
    { script: "ctx.vars.last.stream().filter(d -> d.ethereum?.late == true).count() > 32" },
  ];
  return {
    trigger: { stream: { dataset, last: i % 3 === 2 ? 32 : 1 } },
    condition: conditions[i % 3],
    actions: { log: { logging: { text: "never" } } },
    metadata: {
      alert: { scope: "network", about: "quiet", title: "never", text: "never", over_after: "1m" },
    },
  };
}
