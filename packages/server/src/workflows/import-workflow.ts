import { type ImportAnswer, isJsonObject, type JsonObject, type Language, type WorkflowDocument } from "@millrace/contract";
import type { KnownNames } from "@millrace/engine";
import type { FlowProblem } from "#flow/problems";
import type { ParsedFlow } from "#flow/read";
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
 * `publish` its live version; with `dryRun` it only says what would come of it. Any fault rejects the whole file and changes nothing.
 */
export async function importWorkflow(
  ports: ImportPorts,
  tenantId: string,
  bytes: Buffer,
  options: SaveOrigin & { readonly publish: boolean; readonly dryRun: boolean; readonly language: Language },
): Promise<ImportAnswer> {
  const { document, warnings } = await readWorkflowFile(ports, tenantId, bytes);
  const { id, name, version, warnings: published } = await ports.authoring.deploy(tenantId, document, options);
  return {
    workflows: [{ ...(id !== null && { id }), name, ...(version !== null && { version }) }],
    warnings: [...warnings, ...published].map(({ code, path, message }) => ({ code, path, message })),
  };
}

export interface WorkflowFile {
  readonly document: JsonObject;
  readonly warnings: readonly FlowProblem[];
}

/**
 * `into`: the workflow that it is for, whose environment it has then; absent: that of its own name. Throws `file_unreadable`,
 * `file_type_mismatch`, or `invalid_flow` with every fault.
 */
export async function readWorkflowFile(ports: ImportPorts, tenantId: string, bytes: Buffer, into?: string): Promise<WorkflowFile> {
  const { authoring } = ports;
  const flow = await flowOf(bytes);
  if (!flow) return { document: fromText(bytes), warnings: [] };
  return fromFlow(ports, await authoring.known(tenantId), await environment(authoring, tenantId, into ?? nameOf(flow)), flow);
}

/** A `.flow` is JSON without a `format`, which every native document has. null: it is none. */
async function flowOf(bytes: Buffer): Promise<ParsedFlow | null> {
  // The byte-order mark is white space as well.
  if (!bytes.toString("utf8").trimStart().startsWith("{")) return null;
  const { parseFlow } = await import("#flow/read");
  const file = parseFlow(bytes);
  return file.json !== undefined && isJsonObject(file.json) && "format" in file.json ? null : file;
}

function nameOf({ json }: ParsedFlow): string | null {
  const name = json !== undefined && isJsonObject(json) ? json["name"] : null;
  return typeof name === "string" ? name : null;
}

/** A `.flow` names values of its workflow's environment and holds none: what the workflow of its name has already stays. */
async function environment(authoring: Authoring, tenantId: string, name: string | null): Promise<JsonObject> {
  const row = name === null ? null : await authoring.find(tenantId, name);
  const env = row?.document["env"];
  return env !== undefined && isJsonObject(env) ? env : {};
}

/** `connection/model`. */
const MODEL_NAME = /^[A-Za-z_][A-Za-z0-9_-]*\/./;

async function fromFlow(ports: ImportPorts, known: KnownNames, env: JsonObject, file: ParsedFlow): Promise<WorkflowFile> {
  const toolKnown = (name: string) => known.tools?.has(name) === true || known.connections?.has(name) === true;
  // Most servers start without a file of that form: its translation is loaded with the first one.
  const { importParsed } = await import("#flow/import");
  const { document, faults, warnings } = importParsed(file, {
    env,
    egressAllow: (host) => ports.refuseHost(`http://${host}/`) === null,
    // The vendor's ids are no names of ours; a file that was exported here has ours.
    modelKnown: (model) => MODEL_NAME.test(model),
    pluginKnown: (plugin) => toolKnown(plugin.split("/", 1)[0] ?? ""),
    toolKnown,
  });
  if (document && faults.length === 0) return { document: document as WorkflowDocument & JsonObject, warnings };
  throw flowRefusal(faults);
}

function flowRefusal(faults: readonly FlowProblem[]): RequestError {
  const errors = faults.map(({ code, path, message }) => ({ code, path, message }));
  const unread = faults.find(({ code }) => code.startsWith("L0_"));
  if (faults.some(({ code }) => code === "file_type_mismatch")) return new RequestError("file_type_mismatch", { errors });
  return unread ? new RequestError("file_unreadable", { message: unread.message, errors }) : new RequestError("invalid_flow", { errors });
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
