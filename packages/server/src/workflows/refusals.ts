import { isJsonObject, type JsonObject } from "@millrace/contract";
import { RequestError } from "#request-error";
import { NameTaken, NotFound, VersionTaken } from "#store/errors";

/** What the store refuses about workflows, in the words of the contract. */
export async function translate<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof NameTaken) throw new RequestError("conflict", { key: "conflict.name", params: { name: error.workflowName } });
    if (error instanceof VersionTaken) throw new RequestError("conflict", { key: "conflict.version", params: { version: error.version } });
    if (error instanceof NotFound) throw new RequestError("not_found", { key: "not_found.workflow" });
    throw error;
  }
}

/** Throws `invalid_request` where the document has none. */
export function nameOf(document: JsonObject): string {
  const name = isJsonObject(document) ? document["name"] : undefined;
  if (typeof name === "string" && name.trim() !== "") return name;
  throw new RequestError("invalid_request", {
    message: "document.name: a workflow needs a name",
    errors: [{ path: "/document/name", code: "required" }],
  });
}
