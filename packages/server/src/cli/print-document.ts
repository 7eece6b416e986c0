import type { DocumentView } from "@millrace/contract";
import type { Row } from "#cli/table";

/** One line of a list of documents. */
export function documentRow({ name, state, done, total, characters, indexing, error }: DocumentView): Row {
  return {
    document: name,
    state,
    passages: total === undefined ? "" : state === "indexed" ? total : `${done}/${total}`,
    characters,
    credits: indexing.credits,
    error: error ?? "",
  };
}
