import type { CreateKeyBody } from "@millrace/contract";

/** What keys are made for; scopes and role follow from it. */
export const PRESETS = ["call", "draft", "observe", "deploy", "admin"] as const;
export type Preset = (typeof PRESETS)[number];

export function grants(preset: Preset): Pick<CreateKeyBody, "scopes" | "role"> {
  if (preset === "admin") return { scopes: ["admin"], role: "owner" };
  if (preset === "deploy") return { scopes: ["admin"], role: "editor" };
  if (preset === "observe") return { scopes: ["query"] };
  return preset === "draft" ? { scopes: ["invoke", "query", "draft"] } : { scopes: ["invoke", "query"] };
}

/** Admin keys are for every workflow. */
export function isForWorkflows(preset: Preset): boolean {
  return preset !== "admin" && preset !== "deploy";
}
