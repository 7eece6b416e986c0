import type { DocumentView } from "@millrace/contract";
import { segment } from "#cli/client";
import type { Action } from "#cli/command";
import { listRows } from "#cli/pages";
import { documentRow } from "#cli/print-document";

export const run: Action = async (context, given) => {
  const page = await listRows<DocumentView>(context, given, `/api/v1/knowledge/${segment(given.argument(0))}/documents`);
  await context.output.data(page, { rows: page.data.map(documentRow), names: page.data.map(({ name }) => name) });
};
