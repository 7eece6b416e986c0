import type { EgressResponse } from "@millrace/nodes";
import type { Redactor } from "#secrets/redactor";

/** Before anyone reads it: what is cut or decoded could no longer be recognised. */
export function cleanAnswer(redactor: Redactor, { status, headers, body, url }: EgressResponse): EgressResponse {
  // Without a prototype, as the egress made them: a header may be called `constructor`.
  const clean = Object.entries(headers).map(([name, value]) => [name, redactor.text(value)] as const);
  return {
    status,
    headers: Object.assign(Object.create(null), Object.fromEntries(clean)),
    body: redactor.bytes(body),
    url: redactor.text(url),
  };
}
