import type { KnowledgeView } from "@millrace/contract";
import type { Action } from "#cli/command";
import { listRows } from "#cli/pages";

export const run: Action = async (context, given) => {
  const page = await listRows<KnowledgeView>(context, given, "/api/v1/knowledge");
  const rows = page.data.map(({ name, id, documents, passages, waiting, failed, embeddingModel }) => ({
    name,
    id,
    documents,
    passages,
    waiting,
    failed,
    vectors: embeddingModel ?? "",
  }));
  await context.output.data(page, { rows, names: page.data.map(({ name }) => name) });
};
