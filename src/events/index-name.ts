import type { ForeignError } from "./foreign.ts";

const FORBIDDEN = /[\\/*?"<>| ,]/;
const MAX_BYTES = 255;

/**
 * Why a name cannot be that of an index, in Elasticsearch's words (MetadataCreateIndexService.validateIndexOrAliasName);
 * undefined for one that can.
 */
export function indexNameError(name: string): ForeignError | undefined {
  const complaint = complaintAbout(name);
  if (complaint === undefined) return undefined;
  return {
    type: "invalid_index_name_exception",
    reason: `Invalid index name [${name.slice(0, MAX_BYTES)}], ${complaint}`,
    index_uuid: "_na_",
    index: name.slice(0, MAX_BYTES),
  };
}

function complaintAbout(name: string): string | undefined {
  if (FORBIDDEN.test(name))
    return "must not contain the following characters ['\\','/','*','?','\"','<','>','|',' ',',']";
  if (name === "") return "must not be empty";
  if (name.includes("#")) return "must not contain '#'";
  if (name.includes(":")) return "must not contain ':'";
  if (/^[_\-+]/.test(name)) return "must not start with '_', '-', or '+'";
  if (Buffer.byteLength(name) > MAX_BYTES) return `index name is too long, (${Buffer.byteLength(name)} > ${MAX_BYTES})`;
  if (name === "." || name === "..") return "must not be '.' or '..'";
  return name === name.toLowerCase() ? undefined : "must be lowercase";
}
