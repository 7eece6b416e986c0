import type { JsonObject } from "@millrace/contract";
import type { RunContents } from "#store/store";

/** Where a result says which run it is about. */
const RUN_ID = "millrace/workflowRunId";
const ERROR_TYPE = "millrace/errorType";

/** What tools/call answers: for models as text, for programs as structured content or under `_meta`. */
export function resultOf({ id, output, error }: RunContents): JsonObject {
  if (error) return failure(error.type, `${error.message} (run ${id})`, id);
  const structured = output ?? {};
  return {
    content: [{ type: "text", text: JSON.stringify(structured) }],
    structuredContent: structured,
    isError: false,
    _meta: { [RUN_ID]: id },
  };
}

/** An error that a model can read and act upon. */
export function failure(type: string, message: string, runId: string | null): JsonObject {
  return {
    content: [{ type: "text", text: `${type}: ${message}` }],
    isError: true,
    _meta: { [ERROR_TYPE]: type, ...(runId !== null && { [RUN_ID]: runId }) },
  };
}
