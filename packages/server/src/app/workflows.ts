import type { KnownNames } from "@millrace/engine";
import { nodeSpecs } from "@millrace/nodes/specs";
import type { Settings } from "#config/settings";
import { checkCode } from "#sandbox/program/prepare";
import { listedModels } from "#secrets/model-connections";
import type { Store } from "#store/store";
import type { CompileOptions } from "#workflows/compile-version";
import { linearPatterns } from "#workflows/linear-patterns";

/** What workflows may name. */
export async function namesIn({ vault, tools }: Store, tenantId: string): Promise<Required<KnownNames>> {
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
