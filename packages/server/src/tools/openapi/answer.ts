import type { Json } from "@millrace/contract";
import { type EgressResponse, parseContentType, type ToolAnswer } from "@millrace/nodes";

/** What an operation answered, by its content type: JSON, a text, or bytes in base64. */
export function answerOf({ headers, body }: EgressResponse): ToolAnswer {
  if (body.length === 0) return { result: null, text: "" };
  const { mediaType: type } = parseContentType(headers["content-type"]);
  const text = Buffer.from(body).toString("utf8");
  if (/^application\/([a-z0-9.+-]+\+)?json$/.test(type)) {
    const result = parsed(text);
    return { result, text: typeof result === "string" ? result : JSON.stringify(result) };
  }
  if (type === "" || type.startsWith("text/") || /[/+]xml$/.test(type)) return { result: text, text };
  const result = { mediaType: type, size: body.length, base64: Buffer.from(body).toString("base64") };
  return { result, text: `${body.length} bytes of ${type}` };
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
