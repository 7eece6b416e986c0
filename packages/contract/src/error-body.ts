import { WIRE_ERRORS, type WireErrorType } from "#errors";
import type { Language } from "#language";
import type { MessageKey } from "#messages/en";
import { errorMessage, errorTitle, type MessageParams } from "#messages/messages";

/** One entry of `errors[]`. `message` is on the wire only where `expected` does not already say it. */
export interface ErrorItem {
  readonly path: string;
  readonly code: string;
  readonly expected?: string;
  readonly received?: string;
  readonly message?: string;
}

/** Of a draft that was saved since: both revisions, and whose save came first. */
export interface DraftConflict {
  readonly revision: number;
  readonly ifRevision: number;
  /** Epoch ms. */
  readonly savedAt: number;
  readonly savedBy?: { readonly kind: "member" | "key"; readonly id: string; readonly name: string };
  /** The window or tool that saved it, as it named itself. */
  readonly editor?: string;
  /** Entry of the draft's history that has the refused save. */
  readonly kept?: number;
}

/** The body of every answer outside 2xx: the vendor's two members, then those of RFC 9457, in this order on the wire. */
export interface ErrorBody {
  readonly code: number;
  readonly message: string;
  readonly type: `/errors/${string}`;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly errors?: readonly ErrorItem[];
  readonly draft?: DraftConflict;
  readonly requestId: string;
}

export interface ErrorBodyInput {
  readonly type: WireErrorType;
  readonly language: Language;
  /** A particular message of the type, `not_found.workflow`; default: the type's own. */
  readonly key?: MessageKey;
  readonly params?: MessageParams;
  /** Takes the place of the table's message; default: the message of the first entry of `errors`, else the table's. */
  readonly message?: string;
  /** Path of the request. */
  readonly instance: string;
  readonly requestId: string;
  readonly draft?: DraftConflict;
  /** On the wire with status 400 and 422 only. */
  readonly errors?: readonly ErrorItem[];
}

export function errorBody(input: ErrorBodyInput): ErrorBody {
  const { code, status } = WIRE_ERRORS[input.type];
  const message = input.message ?? input.errors?.[0]?.message ?? errorMessage(input.key ?? input.type, input.language, input.params);
  const errors = status === 400 || status === 422 ? (input.errors ?? []) : [];
  return {
    code,
    message,
    type: `/errors/${input.type}`,
    title: errorTitle(input.type, input.language),
    status,
    detail: message,
    instance: input.instance,
    ...(errors.length > 0 && { errors: errors.map(wireItem) }),
    ...(input.draft && { draft: input.draft }),
    requestId: input.requestId,
  };
}

function wireItem({ path, code, expected, received, message }: ErrorItem): ErrorItem {
  return {
    path,
    code,
    ...(expected !== undefined && { expected }),
    ...(received !== undefined && { received }),
    ...(expected === undefined && message !== undefined && { message }),
  };
}
