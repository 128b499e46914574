import type { NodemailerError } from "nodemailer";
import type { Fault } from "../../lib/fault.ts";
import { deferred, isTlsCode, placeDown, refused, theirWords } from "./send-faults.ts";

/** Commands of a session, before any message is told of. */
const SESSION = /^(?:CONN|EHLO|HELO|STARTTLS|AUTH)/;
/** The server closes the connection: RFC 5321, 4.2.1. */
const CLOSING = 421;

/** What nodemailer threw for one message, translated. The server's own words are told, never the password. */
export function smtpFault(error: unknown, server: string): Fault {
  const { code, responseCode, response, command = "", permanent } = error as NodemailerError;
  if (responseCode === undefined) return connectionFault(error as NodemailerError, server);
  const words = `${server} answered ${theirWords(response ?? String(responseCode))}`;
  if (code === "EAUTH") return placeDown(`The login was refused: ${words}`, { stubborn: permanent === true });
  if (code === "ETLS") return placeDown(`No TLS: ${words}`, { stubborn: permanent === true });
  if (responseCode === CLOSING || SESSION.test(command)) return placeDown(words, { stubborn: permanent === true });
  return permanent === true ? refused(words) : deferred(words);
}

function connectionFault({ code, originalCode, message, timeoutType }: NodemailerError, server: string): Fault {
  switch (code) {
    case "ETIMEDOUT":
      return placeDown(
        `${server} did not answer in time (${TIMEOUT_WORDS[timeoutType ?? ""] ?? "an answer"} was awaited)`,
      );
    case "EDNS":
      return placeDown(`The name of ${server} could not be looked up`);
    case "ENOAUTH":
    case "ECONFIG":
      return placeDown(`${server} takes no login as it is configured: ${theirWords(message)}`, { stubborn: true });
    case "EENVELOPE":
    case "EMESSAGE":
      return refused(`The mail cannot be sent: ${theirWords(message)}`);
    default: {
      const isTls = isTlsCode(originalCode);
      const reason = theirWords(message.split(";", 1)[0] ?? "") || originalCode || code || "unknown";
      const advice = isTls ? " (alerts.email.authority names the authority that signed its certificate)" : "";
      return placeDown(`${server} could not be ${isTls ? "trusted" : "reached"}: ${reason}${advice}`, {
        stubborn: isTls,
      });
    }
  }
}

const TIMEOUT_WORDS: Readonly<Record<string, string>> = {
  CONNECT_TIMEOUT: "the connection",
  GREETING_TIMEOUT: "its greeting",
  UPGRADE_TIMEOUT: "TLS",
  SOCKET_TIMEOUT: "an answer",
};
