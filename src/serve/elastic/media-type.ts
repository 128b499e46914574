import { plainRefusal, refusal } from "../../events/refusal.ts";

/** A media type of Elasticsearch's, as a client names it. */
export type MediaType = {
  form: "json" | "ndjson" | "yaml" | "text" | "other";
  /** The major version of `compatible-with`, where the vendor's type asks for one. */
  compatibleWith?: number;
  isVendor: boolean;
};

const COMPATIBLE: readonly number[] = [7, 8, 9];

const FORMS: Readonly<Record<string, MediaType["form"]>> = {
  "application/json": "json",
  "application/x-ndjson": "ndjson",
  "application/yaml": "yaml",
  "text/plain": "text",
  "application/vnd.elasticsearch+json": "json",
  "application/vnd.elasticsearch+x-ndjson": "ndjson",
  "application/vnd.elasticsearch+yaml": "yaml",
};

/** The first one of a header that is Elasticsearch's; throws its `media_type_header_exception` for a strange version. */
export function readMediaType(header: string | undefined, name: "Accept" | "Content-Type"): MediaType | undefined {
  if (header === undefined || header.trim() === "") return undefined;
  for (const part of header.split(",")) {
    const [type = "", ...parameters] = part.split(";").map((piece) => piece.trim().toLowerCase());
    const form = Object.hasOwn(FORMS, type) ? FORMS[type] : undefined;
    if (form === undefined) continue;
    const isVendor = type.startsWith("application/vnd.elasticsearch+");
    const version = parameters.find((parameter) => parameter.startsWith("compatible-with="))?.slice(16);
    if (version === undefined || !isVendor) return { form, isVendor };
    const compatibleWith = Number(version);
    if (!COMPATIBLE.includes(compatibleWith)) throw strangeVersion({ name, header, version });
    return { form, isVendor, compatibleWith };
  }
  return { form: "other", isVendor: false };
}

/** The type of a JSON answer, in kind. */
export function answerType(accepted: MediaType | undefined): string {
  const form = accepted?.form === "yaml" ? "yaml" : "json";
  if (accepted?.isVendor !== true) return `application/${form}`;
  const { compatibleWith } = accepted;
  return `application/vnd.elasticsearch+${form}${compatibleWith === undefined ? "" : `;compatible-with=${compatibleWith}`}`;
}

/** What a body may be; a form, or plain text, which any web page can send, is refused with 406. */
export function checkContentType(header: string | undefined): void {
  const type = readMediaType(header, "Content-Type");
  if (type !== undefined && (type.form === "json" || type.form === "ndjson")) return;
  throw plainRefusal(`Content-Type header [${header ?? ""}] is not supported`, 406);
}

function strangeVersion(input: { name: string; header: string; version: string }): Error {
  const { name, header, version } = input;
  return refusal({
    type: "media_type_header_exception",
    reason: `Invalid media-type value on headers [${name}]`,
    status: 400,
    causedBy: {
      type: "status_exception",
      reason: `${name} version must be either version 9, 8 or 7, but found ${version}. ${name}=${header}`,
    },
  });
}
