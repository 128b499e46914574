/**
 * What log lines mean that Filebeat, Telegraf's `tail` or rsyslog sent and a pipeline of ours read (docs/pipelines.md).
 * The level is the client's own word there; those of other senders' lines may be spelt otherwise.
 */
export const clientLines = {
  indices: "filebeat-*,logs-*,telegraf-logs*,rsyslog*,syslog*",
  client: "service.type",
  level: "log.level",
  errorType: "error.type",
  slot: "ethereum.slot",
  message: ["message", "error.message", "event.original"],
  errors: ["error", "err", "critical", "crit", "fatal", "alert", "emerg", "emergency", "panic"],
  warnings: ["warn", "warning"],
} as const;
