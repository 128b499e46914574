import { z } from "zod";
import { ALERT_SCOPES, SEVERITIES } from "../events/alert-records.ts";
import { isLoopback } from "../lib/listen-address.ts";

const address = z
  .string()
  .max(320)
  .regex(/^[^\p{Cc}]*[^\s<>@]+@[^\s<>@]+>?$/u, "must be `user@host` or `Name <user@host>`");
const name = z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, "may hold letters, digits, '_', '.' and '-', at most 64");

const emailSchema = z
  .strictObject({
    host: z.string().min(1).describe("Name of the SMTP server."),
    port: z.int().min(1).max(65_535).optional().describe("Its port. Default: 465 with `tls`, else 587."),
    security: z
      .enum(["tls", "starttls", "opportunistic"])
      .default("starttls")
      .describe(
        "`tls` from the first byte; `starttls`: the connection is upgraded, or not used; `opportunistic`: encrypted where " +
          "the server can, which is never done with a password, but to this machine.",
      ),
    user: z.string().min(1).optional().describe("Who logs in; `${NAME}` is replaced by the environment variable."),
    password: z.string().min(1).optional().describe("The password; `${NAME}` as there."),
    password_file: z.string().min(1).optional().describe("Path of a file whose first line is the password, instead."),
    from: address.describe("Who the mails are from: `ethmon@example.org` or `Ethereum Monitor <ethmon@example.org>`."),
    to: z.array(address).max(50).default([]).describe("Who gets them where a watch's action names nobody."),
    authority: z
      .string()
      .min(1)
      .optional()
      .describe("Path of the certificate of the authority that signed the server's, PEM. Default: the usual ones."),
    reject_unauthorized: z
      .boolean()
      .default(true)
      .describe("`false` sends to a server whose certificate nobody vouches for: whoever stands between can read it."),
    timeout_seconds: z.number().positive().max(300).default(20).describe("An answer of the server is awaited so long."),
    digest_at: z
      .string()
      .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, "must be `HH:MM`, UTC")
      .optional()
      .describe("When the daily digest is sent to `to`, UTC: `08:00`. Default: none is."),
  })
  .refine(({ user, security, host }) => user === undefined || security !== "opportunistic" || isLoopback(host), {
    path: ["security"],
    message: "must be tls or starttls where somebody logs in",
  })
  .refine(({ password, password_file }) => password === undefined || password_file === undefined, {
    path: ["password_file"],
    message: "cannot stand beside password",
  })
  .refine(
    ({ user, password, password_file }) =>
      (user === undefined) === (password === undefined && password_file === undefined),
    { path: ["user"], message: "and a password need each other" },
  );

/** What a route may send: one of Watcher's actions without what decides whether it runs. */
const KINDS = ["email", "webhook", "slack"] as const;

const routeAction = z
  .record(z.string(), z.unknown())
  .refine(
    (action) => Object.keys(action).length === 1 && KINDS.some((kind) => typeof action[kind] === "object"),
    "must be an object with one key, `email`, `webhook` or `slack`, as in a watch's action",
  );

const routeSchema = z.strictObject({
  name: name.describe("Name of the route."),
  rules: z.array(z.string().min(1)).min(1).default(["*"]).describe("Ids of the rules it takes; `*` for any letters."),
  scopes: z
    .array(z.enum(ALERT_SCOPES))
    .min(1)
    .default([...ALERT_SCOPES])
    .describe("Scopes that it takes."),
  min_severity: z.enum(SEVERITIES).default("warning").describe("The least severity that it takes."),
  summarise: z
    .boolean()
    .default(true)
    .describe("Whether a storm becomes summaries; `false` for a receiver that is a machine and needs each message."),
  actions: z
    .record(name, routeAction)
    .describe(
      "By name, what is sent: actions `webhook`, `slack` or `email` as in a watch, templates over `ctx.vars.alert`; " +
        "docs/alerts.md. `${NAME}` is replaced by the environment variable when it is sent, and stored nowhere.",
    ),
});

/** Where alerts are sent; part of the configuration file. Without it they are kept, shown and logged. */
export const alertsSchema = z
  .strictObject({
    public_url: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe(
        "Address under which readers reach these pages, for links in messages. Default: messages have no links.",
      ),
    email: emailSchema.optional().describe("The account that e-mails are sent by."),
    slack: z
      .strictObject({
        url: z.string().min(1).describe("Address of an incoming webhook; `${NAME}` as in `email.user`."),
      })
      .optional()
      .describe("Where actions `slack` go."),
    routes: z
      .array(routeSchema)
      .max(100)
      .default([])
      .describe("Further actions for every alert that matches, beside those of its rule."),
    fallback: z
      .string()
      .optional()
      .describe(
        "What sends a message that could not be delivered: `email`, to its `to`, or the name of a route's action.",
      ),
    fallback_after_minutes: z
      .number()
      .positive()
      .max(1_440)
      .default(15)
      .describe("So long a channel that cannot be reached is tried before the fallback; a refusal goes there at once."),
    storm_per_minute: z
      .int()
      .min(1)
      .max(1_000)
      .default(10)
      .describe("More messages than this within a minute to one channel become one summary, and again each minute."),
    link_key_file: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Path of the key that signs links in messages, made when it is missing. Default: `alert-link.key` in the data " +
          "directory.",
      ),
  })
  .superRefine(({ routes, fallback, email }, context) => {
    const names = routes.flatMap(({ actions }) => Object.keys(actions));
    const twice = names.find((one, at) => names.indexOf(one) !== at || one === "email");
    if (twice !== undefined) {
      context.addIssue({
        code: "custom",
        path: ["routes"],
        message: `names the action ${twice} twice, or as an account`,
      });
    }
    const known = [...(email === undefined ? [] : ["email"]), ...names];
    if (fallback !== undefined && !known.includes(fallback)) {
      context.addIssue({
        code: "custom",
        path: ["fallback"],
        message: `must be one of ${known.join(", ") || "none, since nothing is configured"}`,
      });
    }
    if (fallback === "email" && email?.to.length === 0) {
      context.addIssue({ code: "custom", path: ["fallback"], message: "needs somebody in email.to" });
    }
    if (email?.digest_at !== undefined && email.to.length === 0) {
      context.addIssue({
        code: "custom",
        path: ["email", "digest_at"],
        message: "needs somebody in email.to",
      });
    }
  });

export type AlertSettings = z.output<typeof alertsSchema> & {
  /** Values of what routes name as `${NAME}`. */
  secrets?: Readonly<Record<string, string>>;
};
export type EmailSettings = NonNullable<AlertSettings["email"]>;
