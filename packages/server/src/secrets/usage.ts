import type { JsonObject } from "@millrace/contract";
import type { WorkflowRow, WorkflowStore } from "#store/store";
import type { VaultKind } from "#store/vault-store";

/** Rows that are read at once. */
const PAGE = 100;

export interface UsingWorkflow {
  readonly id: string;
  readonly name: string;
}

/** Which workflows name what, in their draft or their live version: by name, in the order of the workflows' list. */
export async function usageOf(
  store: WorkflowStore,
  tenantId: string,
  kind: VaultKind,
): Promise<ReadonlyMap<string, readonly UsingWorkflow[]>> {
  const usage = new Map<string, UsingWorkflow[]>();
  for await (const row of allWorkflows(store, tenantId)) {
    const live = row.liveVersion === null ? null : await store.version(tenantId, row.id, row.liveVersion);
    const names = [row.document, ...(live ? [live.document] : [])].flatMap((document) => namesIn(document, kind));
    for (const name of new Set(names)) usage.set(name, [...(usage.get(name) ?? []), { id: row.id, name: row.name }]);
  }
  return usage;
}

async function* allWorkflows(store: WorkflowStore, tenantId: string): AsyncIterable<WorkflowRow> {
  for (let cursor: string | undefined, page = PAGE; page === PAGE; ) {
    const rows = await store.list(tenantId, { limit: PAGE, ...(cursor !== undefined && { cursor }) });
    yield* rows;
    cursor = rows.at(-1)?.id;
    page = rows.length;
  }
}

/** By their spelling, so that a draft with faults is read too: `secrets.NAME`, `secrets["NAME"]`, `"connection":"NAME"`, `"model":"NAME/…"`, `"tool":"NAME/…"`. */
const SPELLINGS: { readonly [Kind in VaultKind]: RegExp } = {
  secret: /\bsecrets\s*(?:\??\.\s*|(?:\?\.)?\[\s*\\?["'`])([A-Za-z_]\w*)/g,
  connection: /"connection":"([^"\\]+)"|"(?:model|backup|tool)":"([A-Za-z_][\w-]*)\//g,
};

function namesIn(document: JsonObject, kind: VaultKind): readonly string[] {
  return [...JSON.stringify(document).matchAll(SPELLINGS[kind])].map(([, name, ofModel = ""]) => name ?? ofModel);
}
