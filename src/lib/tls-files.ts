import { readFile } from "node:fs/promises";
import { z } from "zod";
import { Fault } from "./fault.ts";

/** TLS of one listening port; part of the configuration file. */
export const tlsSchema = z.strictObject({
  certificate: z.string().min(1).describe("Path of the server's certificate chain, PEM."),
  key: z.string().min(1).describe("Path of its private key, PEM."),
  client_authority: z
    .string()
    .min(1)
    .optional()
    .describe("Path of an authority's certificate, PEM: a client must show a certificate that it signed."),
});

export type TlsFiles = z.output<typeof tlsSchema>;
export type TlsTexts = { cert: Buffer; key: Buffer; ca?: Buffer };

/** Reads the files; throws `tls_unreadable` with the one that cannot be read. */
export async function readTlsFiles({ certificate, key, client_authority: authority }: TlsFiles): Promise<TlsTexts> {
  return {
    cert: await readPem(certificate),
    key: await readPem(key),
    ...(authority === undefined ? {} : { ca: await readPem(authority) }),
  };
}

async function readPem(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new Fault("tls_unreadable", `The TLS file ${path} cannot be read.`, { cause });
  }
}
