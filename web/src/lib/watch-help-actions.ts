import { type Help, HTTP_KEYS } from "./watch-help-parts.ts";

/** The kinds of actions; templates see ctx, of an alert also ctx.vars.alert. */
export const ACTION_KEYS: Readonly<Record<string, Help>> = {
  email: {
    words: "A mail by the configured account. With an alert its text is made of the alert, unless you write one.",
    keys: {
      to: { words: "Who gets it; without it whom the configuration names.", example: '["ops@example.org"]' },
      cc: { words: "Who gets a copy." },
      bcc: { words: "Who gets a copy that nobody sees." },
      reply_to: { words: "Who gets the answers." },
      subject: { words: "Its subject, a template." },
      body: {
        words: "Its text, a template.",
        keys: { text: { words: "As plain text." }, html: { words: "As HTML." } },
      },
      priority: { words: "lowest, low, normal, high or highest." },
    },
  },
  webhook: { words: "An HTTP request: Discord, Telegram, PagerDuty and others take it.", keys: HTTP_KEYS },
  slack: {
    words: "A message by the configured webhook of Slack.",
    keys: {
      message: {
        words: "The message.",
        keys: {
          to: { words: "Channels and people; without it the webhook's own channel." },
          text: { words: "Its text, a template. With an alert it is made of the alert, unless you write one." },
          from: { words: "The name it is from." },
          icon: { words: "Address of its picture." },
          attachments: { words: "Boxes below the text." },
        },
      },
    },
  },
  index: {
    words: "The payload becomes a document.",
    keys: {
      index: { words: "Where.", example: '"found-by-rules"' },
      doc_id: { words: "Its id; without it a new one each time." },
      op_type: { words: "index or create." },
      execution_time_field: { words: "The field that gets the moment of the check." },
    },
  },
  logging: {
    words: "A line in the monitor's log.",
    keys: {
      text: { words: "The line, a template." },
      level: { words: "error, warn, info, debug or trace." },
      category: { words: "Under which name." },
    },
  },
};
