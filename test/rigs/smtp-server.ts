import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

const tlsFile = (name: string) => fileURLToPath(new URL(`../data/tls/${name}`, import.meta.url));

/** Of the authority that signed the rig's certificate. */
export const SMTP_AUTHORITY = tlsFile("ca.pem");

export type ReceivedMail = {
  from: string;
  to: string[];
  isEncrypted: boolean;
  user: unknown;
  /** The same for what came by one connection. */
  clientPort: number;
  raw: string;
  mail: Email;
};

export type SmtpRig = {
  port: number;
  /** In the order in which they were taken. */
  mails: ReceivedMail[];
  /** Opened, whatever was said on them. */
  connections: number;
  /** Each address that was asked for, whether it was taken or not. */
  asked: string[];
  /** An error with this answer for a recipient, while set: `[550, "5.1.1 No such user"]`. */
  refuse: ((recipient: string, times: number) => readonly [code: number, words: string] | undefined) | undefined;
  /** The same for a message after its data. */
  refuseData: ((mail: string) => readonly [code: number, words: string] | undefined) | undefined;
  /** Connections are taken, and nothing is ever said. */
  hang: boolean;
  stop(): Promise<void>;
};

/** A real SMTP server on loopback; with `port` the one that another rig left. */
export async function startSmtp(
  options: SMTPServerOptions & { port?: number; login?: { user: string; password: string } } = {},
): Promise<SmtpRig> {
  const { port = 0, login, ...more } = options;
  const times = new Map<string, number>();
  const server = new SMTPServer({
    key: readFileSync(tlsFile("server.key")),
    cert: readFileSync(tlsFile("server.pem")),
    authOptional: login === undefined,
    // Names of clients are not looked up: a sandbox has no resolver.
    disableReverseLookup: true,
    closeTimeout: 100,
    ...more,
    onConnect(_session, done) {
      rig.connections += 1;
      if (!rig.hang) done();
    },
    onAuth({ username, password }, _session, done) {
      if (username === login?.user && password === login?.password) done(null, { user: username });
      else done(smtpError([535, "5.7.8 Authentication credentials invalid"]));
    },
    onRcptTo({ address }, _session, done) {
      rig.asked.push(address);
      times.set(address, (times.get(address) ?? 0) + 1);
      const refusal = rig.refuse?.(address, times.get(address) ?? 0);
      done(refusal === undefined ? null : smtpError(refusal));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", async () => {
        const raw = Buffer.concat(chunks).toString("latin1");
        const refusal = rig.refuseData?.(raw);
        if (refusal !== undefined) return done(smtpError(refusal));
        const { mailFrom, rcptTo } = session.envelope;
        rig.mails.push({
          from: mailFrom === false ? "" : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          isEncrypted: session.secure,
          user: session.user,
          clientPort: session.remotePort,
          raw,
          mail: await PostalMime.parse(Buffer.from(raw, "latin1")),
        });
        done();
      });
    },
  });
  server.on("error", () => undefined);
  const rig: SmtpRig = {
    port: 0,
    connections: 0,
    mails: [],
    asked: [],
    refuse: undefined,
    refuseData: undefined,
    hang: false,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
  await new Promise<void>((resolve) => {
    server.listen(port, "127.0.0.1", resolve);
  });
  rig.port = (server.server.address() as AddressInfo).port;
  return rig;
}

function smtpError([responseCode, words]: readonly [number, string]): Error {
  return Object.assign(new Error(words), { responseCode });
}
