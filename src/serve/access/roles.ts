/** Who may do what. */
export const ROLES = ["reader", "writer", "admin"] as const;
export type Role = (typeof ROLES)[number];

/**
 * `monitor`: who we are and how we do; `read`: searches; `write`: documents in; `setup`: what a sender puts before its
 * first document (templates, pipelines, policies, data streams); `manage`: keys, and what deletes.
 */
export type Privilege = "monitor" | "read" | "write" | "setup" | "manage";

const GRANTED: Readonly<Record<Role, readonly Privilege[]>> = {
  reader: ["monitor", "read"],
  writer: ["monitor", "write", "setup"],
  admin: ["monitor", "read", "write", "setup", "manage"],
};

export function isRole(text: string): text is Role {
  return ROLES.some((role) => role === text);
}

export function grants(role: Role, privilege: Privilege): boolean {
  return GRANTED[role].includes(privilege);
}

/** Who sends a request. */
export type Principal =
  | { kind: "anonymous"; role: Role }
  | { kind: "user"; name: string; role: Role }
  | { kind: "key"; id: string; name: string; role: Role };
