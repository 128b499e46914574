import type { IncomingHttpHeaders } from "node:http";
import type { Json } from "../../events/document.ts";
import type { Principal, Privilege } from "../access/roles.ts";
import type { Parameters } from "./parameters.ts";
import type { RequestBody } from "./request-body.ts";

export type Method = "GET" | "HEAD" | "POST" | "PUT" | "DELETE";

export type FaceRequest = {
  method: Method;
  /** Path and query, as they came. */
  uri: string;
  /** The named parts of the path, decoded. */
  path: Readonly<Record<string, string>>;
  parameters: Parameters;
  headers: IncomingHttpHeaders;
  body: RequestBody;
  principal: Principal;
  /** Aborts when the client leaves. */
  signal: AbortSignal;
};

export type FaceAnswer = {
  /** Default: 200. */
  status?: number;
  headers?: Readonly<Record<string, string>>;
} & (
  | { json: Json /** As if `pretty` were asked for. */; pretty?: boolean }
  /** JSON that is already text, filtered too, in parts. */
  | { parts: readonly string[] }
  | { text: string }
);

/** One operation of Elasticsearch's API. */
export type FaceRoute = {
  methods: readonly Method[];
  /** `/{index}/_doc/{id}`. */
  paths: readonly string[];
  /** Query parameters it takes besides those that all take; others are refused. */
  parameters?: readonly string[];
  privilege: Privilege;
  /** Elasticsearch's name of the action, for a refusal. */
  action: string;
  handle(request: FaceRequest): FaceAnswer | Promise<FaceAnswer>;
};
