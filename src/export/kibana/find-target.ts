import { z } from "zod";
import { Fault } from "../../lib/fault.ts";
import type { KibanaClient } from "./kibana-client.ts";
import { factsOf, TARGETS, type Target } from "./target.ts";

const statusSchema = z.object({
  version: z.object({ number: z.string().regex(/^\d+\.\d+/) }).optional(),
});

/**
 * Which target answers, by its own word; what is asked for must be that. One that does not tell its version is taken
 * for what is asked for. Throws `kibana_version`.
 */
export async function findTarget(client: KibanaClient, asked: Target | undefined): Promise<Target> {
  const { status, json } = await client.get("/api/status");
  const told = statusSchema.safeParse(json);
  if (status === 404 || !told.success)
    throw new Fault(
      "answer_invalid",
      `What answers at ${client.origin} is no Kibana, or has no such space: there is no /api/status.`,
    );
  const number = told.data.version?.number;
  if (number === undefined) {
    if (asked !== undefined) return asked;
    throw new Fault("kibana_version", `${client.origin} does not tell its version: say it by --for.`);
  }
  const found = TARGETS.find((target) => isVersionOf(number, target));
  if (found === undefined)
    throw new Fault(
      "kibana_version",
      `${client.origin} is ${nameOf(number)}, for which nothing is written: ${written()}.`,
    );
  if (asked !== undefined && asked !== found)
    throw new Fault("kibana_version", `${client.origin} is ${nameOf(number)}, and not what --for says: ${asked}.`);
  return found;
}

/** Versions of the fork began anew with 1. */
function isVersionOf(number: string, target: Target): boolean {
  const [major = 0, minor = 0] = number.split(".").map(Number);
  const facts = factsOf(target);
  return major === facts.major && minor >= facts.leastMinor;
}

function nameOf(number: string): string {
  return `${Number(number.split(".")[0]) >= 4 ? "Kibana" : "OpenSearch Dashboards"} ${number}`;
}

function written(): string {
  const names = TARGETS.map((target) => {
    const { name, major, leastMinor } = factsOf(target);
    return `${name} ${major}${leastMinor > 0 ? `.${leastMinor} and newer` : ""}`;
  });
  return `it takes ${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
