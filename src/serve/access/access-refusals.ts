import { refusal } from "../../events/refusal.ts";
import type { Fault } from "../../lib/fault.ts";
import type { Principal } from "./roles.ts";

const CHALLENGES = ['Basic realm="security", charset="UTF-8"', "ApiKey"];

/** 401, with the ways to authenticate, as Elasticsearch's DefaultAuthenticationFailureHandler answers it. */
export function unauthenticated(reason: string): Fault {
  return refusal({
    type: "security_exception",
    reason,
    status: 401,
    code: "unauthenticated",
    more: { header: { "WWW-Authenticate": CHALLENGES } },
    headers: { "www-authenticate": CHALLENGES.join(", ") },
  });
}

/** 403 for somebody known, who may not do this. */
export function unauthorized(principal: Principal, action: string): Fault {
  const who =
    principal.kind === "key"
      ? `API key id [${principal.id}] of role [${principal.role}]`
      : principal.kind === "user"
        ? `user [${principal.name}] with roles [${principal.role}]`
        : `anonymous requests with roles [${principal.role}]`;
  const reason = `action [${action}] is unauthorized for ${who}`;
  return refusal({ type: "security_exception", reason, status: 403, code: "unauthorized" });
}

/** 429: deriving a password takes long, and a flood of guesses must not queue. */
export function tooManyPasswords(): Fault {
  const reason = "too many passwords are being checked";
  return refusal({ type: "es_rejected_execution_exception", reason, status: 429, code: "too_many_requests" });
}
