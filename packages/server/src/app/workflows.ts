import type { KnownNames } from "@millrace/engine";
import { nodeSpecs } from "@millrace/nodes/specs";
import type { House } from "#app/house";
import type { Settings } from "#config/settings";
import { checkCode } from "#sandbox/program/prepare";
import { listedModels } from "#secrets/model-connections";
import type { Store } from "#store/store";
import { Authoring } from "#workflows/authoring";
import type { CompileOptions } from "#workflows/compile-version";
import { DraftHistory } from "#workflows/draft-history";
import { FileLinks } from "#workflows/file-links";
import { linearPatterns } from "#workflows/linear-patterns";

/** What workflows may name. */
async function namesIn({ vault, tools }: Store, tenantId: string): Promise<Required<KnownNames>> {
  const [secrets, connections, collections] = await Promise.all([
    vault.list(tenantId, "secret"),
    vault.list(tenantId, "connection"),
    tools.list(tenantId),
  ]);
  const namesOf = (rows: readonly { readonly name: string }[]) => new Set(rows.map(({ name }) => name));
  return { secrets: namesOf(secrets), connections: namesOf(connections), models: listedModels(connections), tools: namesOf(collections) };
}

export function compileOptions({ maxIterations, maxFileBytes }: Settings): CompileOptions {
  return { specs: nodeSpecs, patterns: linearPatterns, checkCode, maxIterations, maxFileBytes };
}

/** Drafts, their history, their files, and what becomes of them. */
export function composeAuthoring({ store, ids, clock }: House, compile: CompileOptions) {
  const draftHistory = new DraftHistory(store);
  const known = (tenantId: string) => namesIn(store, tenantId);
  const authoring = new Authoring({ ...store, history: draftHistory, compile, known, ids, now: clock.now });
  return { draftHistory, authoring, fileLinks: new FileLinks() };
}
