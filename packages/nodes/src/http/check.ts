import { isJsonObject, type JsonObject, say, toPointer } from "@millrace/contract";
import type { SaidProblem } from "@millrace/engine";
import type { Config, Part } from "#http/config";
import { exactlyOne } from "#kit/exactly-one";

export function checkRequest(config: JsonObject): readonly SaidProblem[] {
  const { body, headers } = (config as unknown as Config).request;
  const bodyProblems = body
    ? [...exactlyOne(body as unknown as JsonObject, ["json", "form", "text", "raw", "multipart"], "/request/body")]
    : [];
  return [...bodyProblems, ...(body?.multipart ?? []).flatMap(checkPart), ...(isJsonObject(headers) ? checkNames(headers) : [])];
}

function checkPart(part: Part, index: number): readonly SaidProblem[] {
  return exactlyOne(part as unknown as JsonObject, ["value", "file"], `/request/body/multipart/${index}`);
}

/** Header names do not differ by case: of two that do, the receiver would choose one. */
function checkNames(headers: JsonObject): readonly SaidProblem[] {
  const names = Object.keys(headers);
  return names.flatMap((name, index): SaidProblem[] => {
    const first = names.findIndex((other) => other.toLowerCase() === name.toLowerCase());
    if (first === index) return [];
    const message = say`the header ${name} is set twice; case makes no difference`;
    return [{ code: "duplicate_header", level: "error", path: `/request/headers${toPointer([name])}`, message }];
  });
}
