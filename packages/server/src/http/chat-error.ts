import { type ErrorBody, PATHS } from "@millrace/contract";

const CHAT_PATHS: ReadonlySet<string> = new Set([PATHS.chatCompletions, PATHS.listChatModels]);

/** The words of these clients for what went wrong, by status. */
const TYPES: { readonly [status: number]: string } = {
  401: "authentication_error",
  402: "insufficient_quota",
  403: "permission_error",
  429: "rate_limit_error",
};

export interface ChatError {
  readonly message: string;
  readonly type: string;
  /** JSON pointer of the member at fault. */
  readonly param: string | null;
  /** Type of the error, as everywhere on this server. */
  readonly code: string;
}

/** An error as clients of chat completions read it. */
export function chatError({ message, type, status, errors }: ErrorBody): ChatError {
  const word = TYPES[status] ?? (status < 500 ? "invalid_request_error" : "server_error");
  return { message, type: word, param: errors?.[0]?.path ?? null, code: type.slice("/errors/".length) };
}

/** On the paths of chat completions the body says it twice: as every route does, and as these clients read it. */
export function forChatClients(body: ErrorBody): ErrorBody & { readonly error?: ChatError } {
  return CHAT_PATHS.has(body.instance) ? { ...body, error: chatError(body) } : body;
}
