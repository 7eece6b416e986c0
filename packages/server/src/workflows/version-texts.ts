import { createHash } from "node:crypto";
import { canonicalText, type JsonObject } from "@millrace/contract";
import type { NewVersion } from "#store/version-store";

/** What a version keeps of its document. */
export function textsOf(document: JsonObject): Pick<NewVersion, "canonical" | "hash" | "layout"> {
  const { layout } = document;
  const canonical = canonicalText(document);
  const hash = createHash("sha256").update(canonical).digest("hex");
  return { canonical, hash, layout: layout === undefined ? null : JSON.stringify(layout) };
}
