import type { ToolCollectionView } from "@millrace/contract";
import { ago } from "#cli/table";

/** Imported tools as a row of a table. */
export function collectionRow({ name, title, version, connection, count, updatedAt }: ToolCollectionView, now: number) {
  return { name, title, version, connection, tools: count, imported: updatedAt === undefined ? "" : ago(updatedAt, now) };
}
