import type { JsonObject } from "@millrace/contract";
import type { ConnectionUse } from "@millrace/engine";

/** A name of a connection, as a pattern of a whole text. */
export const CONNECTION_NAME = "^[A-Za-z_][A-Za-z0-9_-]*$";

/** For specs whose config has a literal member `connection`. */
export function namedConnection({ connection }: JsonObject): readonly ConnectionUse[] {
  return typeof connection === "string" ? [{ name: connection, at: ["connection"] }] : [];
}
