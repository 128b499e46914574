export type Client = { family: string; version: string };

const FAMILIES = ["Lighthouse", "Prysm", "Teku", "Nimbus", "Lodestar", "Grandine", "Caplin", "Erigon"] as const;

/** Erigon's consensus client is named Caplin. */
const RENAMED: Readonly<Record<string, string>> = { Erigon: "Caplin" };

/**
 * Client family and version from what `node/version` answers, such as `Lighthouse/v7.1.0-abcdef/x86_64-linux`.
 * A name that is not known is the family as it stands.
 */
export function clientOf(versionText: string): Client {
  const text = versionText.trim();
  const lower = text.toLowerCase();
  const known = FAMILIES.find((family) => lower.startsWith(family.toLowerCase()));
  const first = text.split(/[/\s]/, 1)[0] ?? "";
  const family = known === undefined ? first || "unknown" : (RENAMED[known] ?? known);
  const version = /v?\d+\.\d+[^\s/]*/.exec(text)?.[0];
  return { family, version: version ?? text };
}
