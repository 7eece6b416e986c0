import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const VERIFIER = fileURLToPath(new URL("./verify.ts", import.meta.url));

/** What the standard's own library says of a message, in a process of its own. */
export function verifies(secret: string, body: string, headers: object): boolean {
  return spawnSync(process.execPath, [VERIFIER, JSON.stringify([secret, body, headers])]).status === 0;
}
