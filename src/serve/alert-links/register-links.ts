import type { FastifyInstance, FastifyReply } from "fastify";
import type { AlertDesk } from "../../alert/desk.ts";
import { LINK_PATH, type LinkDeed } from "../../alert/send/links.ts";
import type { AlertRecord } from "../../events/alert-records.ts";
import { Fault, isFault } from "../../lib/fault.ts";
import { faultOf, statusOfFault } from "../api/api-errors.ts";
import type { RouteConfig } from "../api/register-operations.ts";
import { goneSignal } from "../gone-signal.ts";
import { LINK_PAGE_HEADERS, type LinkPage, renderLinkPage } from "./link-page.ts";
import type { AlertLinks } from "./link-port.ts";

/** A mail program that ends a subscription by itself sends one short field. */
const FORM_BYTES = 4_096;

type LinkDeps = {
  /** Undefined until the store is opened. */
  links: () => AlertLinks | undefined;
  desk: () => AlertDesk | undefined;
  readAlert(id: string, signal: AbortSignal): Promise<AlertRecord>;
  /** Something went wrong that is not the reader's fault. */
  onFailure(fault: Fault): void;
};

/**
 * The signed links of messages: their signature is all that they need, no key and no script. To look at one changes
 * nothing, since whatever scans mail does so; the button of its page does it, and so does a mail program's one-click
 * request.
 */
export function registerAlertLinks(app: FastifyInstance, deps: LinkDeps): void {
  const deedOf = (query: unknown): LinkDeed => {
    const links = running(deps.links());
    const { token } = query as { token?: unknown };
    if (typeof token !== "string") throw new Fault("link_invalid", "This link is not whole: it lacks its token.");
    return links.read(token);
  };
  const answer = async (reply: FastifyReply, make: (signal: AbortSignal) => Promise<LinkPage>) => {
    reply.headers(LINK_PAGE_HEADERS);
    try {
      return reply.send(renderLinkPage(await make(goneSignal(reply))));
    } catch (error) {
      const fault = faultOf(error);
      const status = statusOfFault(fault);
      if (status === 500) deps.onFailure(fault);
      return reply.code(status).send(renderLinkPage({ title: "This cannot be done", lines: [fault.message] }));
    }
  };

  app.register(async (scope) => {
    // What is sent along says nothing that the token does not.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer" }, (_request, _body, done) => done(null));
    const config: RouteConfig = { signed: true };
    scope.get(LINK_PATH, { config }, (request, reply) =>
      answer(reply, (signal) => askingPage(deedOf(request.query), (id) => deps.readAlert(id, signal))),
    );
    scope.post(LINK_PATH, { config, bodyLimit: FORM_BYTES }, (request, reply) =>
      answer(reply, (signal) => carryOut(deedOf(request.query), { ...deps, signal })),
    );
  });
}

async function askingPage(deed: LinkDeed, readAlert: (id: string) => Promise<AlertRecord>): Promise<LinkPage> {
  if (deed.kind === "unsubscribe") {
    return {
      title: "No more mail of this rule?",
      lines: [`${deed.address} would get no more mail of the rule ${deed.rule}. Other rules stay as they are.`],
      button: "Unsubscribe",
    };
  }
  const alert = await readAlert(deed.alert);
  const since = new Date(alert.since_ms).toISOString().replace("T", " ").slice(0, 19);
  const words = [`${alert.severity}, since ${since} UTC, rule ${alert.rule}.`, alert.text];
  switch (alert.state) {
    case "over":
      return { title: alert.title, lines: [...words, "It is over: there is nothing to acknowledge."] };
    case "acknowledged":
      return { title: alert.title, lines: [...words, "It is acknowledged already."] };
    default:
      return {
        title: alert.title,
        lines: [...words, "Once it is acknowledged, nobody is told of it until it becomes worse or is over."],
        button: "Acknowledge",
      };
  }
}

async function carryOut(
  deed: LinkDeed,
  { links, desk, signal }: LinkDeps & { signal: AbortSignal },
): Promise<LinkPage> {
  if (deed.kind === "unsubscribe") {
    await running(links()).unsubscribe({ address: deed.address, rule: deed.rule });
    return { title: "Unsubscribed", lines: [`${deed.address} gets no more mail of the rule ${deed.rule}.`] };
  }
  try {
    const { title } = await running(desk()).acknowledge(deed.alert, signal);
    return { title: "Acknowledged", lines: [title, "Nobody is told of it until it becomes worse or is over."] };
  } catch (error) {
    if (!isFault(error, "alert_unknown")) throw error;
    return { title: "It is over", lines: ["The alert is over: there is nothing to acknowledge."] };
  }
}

function running<T>(part: T | undefined): T {
  if (part !== undefined) return part;
  throw new Fault("alerts_unavailable", "The monitor has just started: come again in a moment.", {
    retry: "retryable",
  });
}
