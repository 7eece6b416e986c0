import { type ImportAnswer, isJsonObject, type JsonObject, type WorkflowDocument } from "@millrace/contract";
import type { KnownNames } from "@millrace/engine";
import { importFlow } from "#flow/import";
import type { FlowProblem } from "#flow/problems";
import { RequestError } from "#request-error";
import type { SaveOrigin } from "#store/draft-store";
import type { Authoring } from "#workflows/authoring";
import { readDocument, UnreadableDocument } from "#workflows/read-document";

export interface ImportPorts {
  readonly authoring: Authoring;
  /** Why a literal URL must not be called on this server, or null. */
  refuseHost(url: string): string | null;
}

/**
 * A file of any form: a `.flow`, or a native document in YAML or JSON. It becomes the draft of the workflow of its name, and with
 * `publish` its live version. Any fault rejects the whole file and changes nothing.
 */
export async function importWorkflow(
  ports: ImportPorts,
  tenantId: string,
  bytes: Buffer,
  options: SaveOrigin & { readonly publish: boolean },
): Promise<ImportAnswer> {
  const { document, warnings } = isFlow(bytes)
    ? fromFlow(ports, await ports.authoring.known(tenantId), bytes)
    : { document: fromText(bytes), warnings: [] };
  const { id, name, version, warnings: published } = await ports.authoring.deploy(tenantId, document, options);
  return {
    workflows: [{ id: id ?? "", name, ...(version !== null && { version }) }],
    warnings: [...warnings, ...published].map(({ code, path, message }) => ({ code, path, message })),
  };
}

/** A `.flow` is JSON with an `exportType`; a native document says its format. */
function isFlow(bytes: Buffer): boolean {
  const text = bytes.toString("utf8").trimStart();
  if (!text.startsWith("{") && !text.startsWith("\ufeff{")) return false;
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ""));
    return isJsonObject(value) && !("format" in value);
  } catch {
    return true;
  }
}

/** `connection/model`. */
const MODEL_NAME = /^[A-Za-z_][A-Za-z0-9_-]*\/./;

function fromFlow(ports: ImportPorts, known: KnownNames, bytes: Buffer): { document: JsonObject; warnings: readonly FlowProblem[] } {
  const { document, faults, warnings } = importFlow(bytes, {
    egressAllow: (host) => ports.refuseHost(`http://${host}/`) === null,
    // The vendor's ids are no names of ours; a file that was exported here has ours.
    modelKnown: (model) => MODEL_NAME.test(model),
    pluginKnown: () => false,
    toolKnown: (tool) => known.tools?.has(tool) === true || known.connections?.has(tool) === true,
  });
  if (document && faults.length === 0) return { document: document as WorkflowDocument & JsonObject, warnings };
  throw flowRefusal(faults);
}

/** Faults that say: this is no workflow's file at all. */
const WRONG_FILE: ReadonlySet<string> = new Set(["file_type_mismatch", "L0_EXPORT_TYPE", "L0_TYPE_MISMATCH"]);

function flowRefusal(faults: readonly FlowProblem[]): RequestError {
  const [first] = faults;
  if (first?.code === "L0_JSON" || first?.code === "L0_SIZE" || first?.code === "L0_NOT_OBJECT")
    return new RequestError("file_unreadable", { message: first.message });
  const errors = faults.map(({ code, path, message }) => ({ code, path, message }));
  if (faults.some(({ code }) => WRONG_FILE.has(code))) return new RequestError("file_type_mismatch", { errors });
  return new RequestError("invalid_flow", { errors });
}

function fromText(bytes: Buffer): JsonObject {
  try {
    return readDocument(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    if (error instanceof UnreadableDocument) {
      throw new RequestError("file_unreadable", { message: `line ${error.line}, column ${error.column}: ${error.message}` });
    }
    throw new RequestError("file_unreadable", { message: "The file is not valid UTF-8." });
  }
}
