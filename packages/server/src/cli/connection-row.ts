import type { ConnectionView } from "@millrace/contract";
import { ago } from "#cli/table";

/** A connection as a row of a table. */
export function connectionRow({ name, provider, baseUrl, credential, updatedAt, lastUsedAt, workflows }: ConnectionView, now: number) {
  return {
    name,
    provider,
    baseUrl,
    credential: credential?.type ?? "none",
    updated: ago(updatedAt, now),
    lastUsed: lastUsedAt === undefined ? "never" : ago(lastUsedAt, now),
    workflows: workflows.map((workflow) => workflow.name).join(", "),
  };
}
