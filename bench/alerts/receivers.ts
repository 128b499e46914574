import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { usOfIso } from "../../src/events/record.ts";

/** A message, and how long after the event's arrival it was received. */
export type Receipt = { watch: string; arrivedMs: number; delayMs: number };

/** Who is told: by webhook and by mail. Moments are those of this machine's clock, as the monitor's stamps are. */
export type Receivers = {
  webhookPort: number;
  smtpPort: number;
  receipts: readonly Receipt[];
  close(): Promise<void>;
};

/** Each message says `told <watch> <arrival>`, the arrival as ISO time, with milliseconds to be added where there are. */
const TOLD = /told (\S+) ([^\s+]+)(?:\+(\S+))?/;

export async function startReceivers(): Promise<Receivers> {
  const receipts: Receipt[] = [];
  const note = (text: string, atMs: number) => {
    const [, watch, iso = "", addedMs = "0"] = TOLD.exec(text) ?? [];
    if (watch === undefined) return;
    const arrivedMs = usOfIso(iso) / 1000 + Number(addedMs);
    receipts.push({ watch, arrivedMs, delayMs: atMs - arrivedMs });
  };
  const nowMs = () => performance.timeOrigin + performance.now();

  const web = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    request.on("end", () => {
      note(text, nowMs());
      response.end();
    });
  });
  web.listen(0, "127.0.0.1");
  await once(web, "listening");
  const smtp = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    disableReverseLookup: true,
    onData(stream, _session, done) {
      let text = "";
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      stream.on("end", () => {
        note(text.replace(/=\r\n/g, ""), nowMs());
        done();
      });
    },
  });
  const mail = smtp.listen(0, "127.0.0.1");
  await once(mail, "listening");
  return {
    webhookPort: (web.address() as AddressInfo).port,
    smtpPort: (mail.address() as AddressInfo).port,
    receipts,
    async close() {
      web.closeAllConnections();
      web.close();
      await new Promise<void>((resolve) => smtp.close(() => resolve()));
    },
  };
}
