import type { DraftConflict, ErrorItem, MessageKey, MessageParams, WireErrorType } from "@millrace/contract";

export interface RequestErrorDetails {
  /** A particular message of the type (`not_found.workflow`). */
  readonly key?: MessageKey;
  readonly params?: MessageParams;
  /** Replaces the table's message. */
  readonly message?: string;
  readonly errors?: readonly ErrorItem[];
  /** What a stale save ran into. */
  readonly draft?: DraftConflict;
  /** Seconds, for 429 and 503. */
  readonly retryAfterS?: number;
}

/** One member of a request is not valid, for a reason that its schema cannot say. `path`: JSON pointer. */
export function invalidMember(path: string, message: string): RequestError {
  return new RequestError("invalid_request", { message, errors: [{ path, code: "invalid_value", message }] });
}

/** A request is refused, and nothing has happened. The HTTP room turns it into an error body; nothing else may. */
export class RequestError extends Error {
  readonly type: WireErrorType;
  readonly details: RequestErrorDetails;

  constructor(type: WireErrorType, details: RequestErrorDetails = {}) {
    super(details.message ?? type);
    this.name = "RequestError";
    this.type = type;
    this.details = details;
  }
}
