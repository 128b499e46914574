import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { savedObjectSchema } from "../../src/export/kibana/saved-objects.ts";
import type { Target } from "../../src/export/kibana/target.ts";

/** What it does with a request instead of answering it in order. */
export type KibanaTrouble = { status: number; body: object | string; location?: string } | "silence" | "hang up";

/** What it was sent. */
export type KibanaRequest = { method: string; path: string; headers: IncomingMessage["headers"] };
type Line = { type: string; id: string; references: readonly { type: string; id: string }[] };

/** A Kibana over real HTTP, as far as an import needs one: it reads the form, and refuses what its types do not list. */
export type FakeKibana = {
  url: string;
  requests: readonly KibanaRequest[];
  /** What was imported, by type and id. */
  objects: ReadonlyMap<string, Line>;
  onRequest(trouble: (request: KibanaRequest) => KibanaTrouble | undefined): void;
  close(): Promise<void>;
};

type Options = {
  target: Target;
  version?: string | undefined;
  /** Asks for this header. */
  authorization?: string;
};

export async function startFakeKibana({ target, version, authorization }: Options): Promise<FakeKibana> {
  const requests: KibanaRequest[] = [];
  const objects = new Map<string, Line>();
  let troubleOf: (request: KibanaRequest) => KibanaTrouble | undefined = () => undefined;
  const header = target.startsWith("kibana") ? "kbn-xsrf" : "osd-xsrf";

  const answer = async (request: IncomingMessage): Promise<{ status: number; body: object }> => {
    if (authorization !== undefined && request.headers.authorization !== authorization)
      return refusal(401, "Unauthorized", "[security_exception]: missing authentication credentials");
    const path = (request.url ?? "").replace(/^\/s\/ops/, "");
    if (path === "/api/status")
      return {
        status: 200,
        body: { name: "fake", ...(version === undefined ? {} : { version: { number: version } }) },
      };
    if (path !== "/api/saved_objects/_import?overwrite=true" || request.method !== "POST")
      return refusal(404, "Not Found", "Not Found");
    if (request.headers[header] === undefined)
      return refusal(400, "Bad Request", `Request must contain a ${header} header.`);
    if (!/^multipart\/form-data;/.test(request.headers["content-type"] ?? ""))
      return refusal(415, "Unsupported Media Type", "Unsupported Media Type");
    return { status: 200, body: take(await fileOf(request)) };
  };

  const take = (file: string): object => {
    const schema = savedObjectSchema(target);
    const lines = file.split("\n").filter((line) => line !== "");
    const inFile = new Set(lines.map((line) => keyOf(JSON.parse(line) as Line)));
    const successResults: object[] = [];
    const errors: object[] = [];
    for (const text of lines) {
      const line = JSON.parse(text) as Line;
      const { type, id } = line;
      const missing = line.references.filter((one) => !inFile.has(keyOf(one)));
      const checked = schema.safeParse(line);
      if (!checked.success)
        errors.push({
          type,
          id,
          error: { type: "unknown", message: checked.error.issues[0]?.message, statusCode: 400 },
        });
      else if (missing.length > 0)
        errors.push({ type, id, error: { type: "missing_references", references: missing } });
      else {
        successResults.push({ type, id, meta: {}, ...(objects.has(keyOf(line)) ? { overwrite: true } : {}) });
        objects.set(keyOf(line), line);
      }
    }
    const success = errors.length === 0;
    return { success, successCount: successResults.length, successResults, ...(success ? {} : { errors }) };
  };

  const server = createServer((request, response) => {
    const { method = "", url: path = "", headers } = request;
    const asked = { method, path, headers };
    requests.push(asked);
    const trouble = troubleOf(asked);
    if (trouble === "silence") return;
    if (trouble === "hang up") {
      response.destroy();
      return;
    }
    void (trouble === undefined ? answer(request) : Promise.resolve(trouble)).then(({ status, body, ...rest }) => {
      const isText = typeof body === "string";
      response.statusCode = status;
      if ("location" in rest && rest.location !== undefined) response.setHeader("location", rest.location);
      response.setHeader("content-type", isText ? "text/html" : "application/json");
      response.end(isText ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    objects,
    onRequest(trouble) {
      troubleOf = trouble;
    },
    close: () => closeServer(server),
  };
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((closed) => server.close(() => closed()));
}

/** The uploaded file, by the platform's own reader of forms. */
async function fileOf(request: IncomingMessage): Promise<string> {
  const body = await buffer(request);
  const headers = { "content-type": request.headers["content-type"] ?? "" };
  const file = (await new Response(new Uint8Array(body), { headers }).formData()).get("file");
  if (!(file instanceof File) || !file.name.endsWith(".ndjson")) throw new Error("There is no file in the form.");
  return file.text();
}

function keyOf({ type, id }: { type: string; id: string }): string {
  return `${type} ${id}`;
}

function refusal(statusCode: number, error: string, message: string) {
  return { status: statusCode, body: { statusCode, error, message } };
}
