import { readFile } from "node:fs/promises";
import nodemailer, { type SendMailOptions } from "nodemailer";
import { Fault } from "../../lib/fault.ts";
import type { EmailSettings } from "../schema.ts";
import { placeDown } from "./send-faults.ts";
import { smtpFault } from "./smtp-fault.ts";

/** The one account that mails are sent by. */
export type EmailAccount = {
  from: string;
  /** Where an action names nobody. */
  to: readonly string[];
  /** Resolves when the server has taken the mail. Rejects with a fault of `send-faults.ts`, or the signal's reason. */
  send(mail: SendMailOptions, signal: AbortSignal): Promise<void>;
  /** Ends the connections that are kept. */
  close(): void;
};

/** A connection serves the mails of a burst, and is given up before the server does: RFC 5321 lets it after 5 minutes. */
const CONNECTIONS = { maxConnections: 3, maxMessages: 50, idleTimeout: 120_000 };

/** A whole mail may take so many times as long as one answer. */
const WHOLE = 3;

/** Reads password and certificate. Throws `email_account_invalid` when a file cannot be read. */
export async function openEmailAccount(settings: EmailSettings): Promise<EmailAccount> {
  const { host, security, user, authority, from, to } = settings;
  const port = settings.port ?? (security === "tls" ? 465 : 587);
  const password = settings.password ?? (await passwordOf(settings.password_file));
  const timeoutMs = settings.timeout_seconds * 1000;
  const transport = nodemailer.createTransport({
    pool: true,
    ...CONNECTIONS,
    // Of what was begun to be sent, the outbox alone decides whether it is sent again.
    maxRequeues: 1,
    host,
    port,
    secure: security === "tls",
    requireTLS: security === "starttls",
    opportunisticTLS: security === "opportunistic",
    ...(user === undefined || password === undefined ? {} : { auth: { user, pass: password }, forceAuth: true }),
    tls: {
      minVersion: "TLSv1.2",
      rejectUnauthorized: settings.reject_unauthorized,
      ...(authority === undefined ? {} : { ca: await readOrRefuse(authority) }),
    },
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    from,
    to,
    close: () => transport.close({ force: true }),
    async send(mail, signal) {
      const limit = AbortSignal.timeout(timeoutMs * WHOLE);
      try {
        await transport.sendMail({ ...mail, signal: AbortSignal.any([signal, limit]) });
      } catch (error) {
        signal.throwIfAborted();
        const server = `${host}:${port}`;
        if (limit.aborted) throw placeDown(`${server} took no mail within ${(timeoutMs * WHOLE) / 1000} s`);
        throw smtpFault(error, server);
      }
    },
  };
}

async function passwordOf(path: string | undefined): Promise<string | undefined> {
  return path === undefined ? undefined : (await readOrRefuse(path)).toString("utf8").split(/\r?\n/, 1)[0];
}

async function readOrRefuse(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new Fault("email_account_invalid", `alerts.email: the file ${path} cannot be read.`, { cause });
  }
}
