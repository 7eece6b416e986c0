import { STRING } from "@millrace/engine";
import { textCode } from "#flow/expression";
import { type Part, parseTemplate, templateConfig } from "#flow/templates";
import type { ValueReader } from "#flow/values";

/** Characters of scheme and host at most: far above what a host name can have. */
const MAX_ORIGIN_CHARS = 4_096;

/** The URL, with values percent-encoded where they stand in its path or query. A URL, scheme or host that is a value stays as it is. */
export function templateUrl(url: string, at: string, values: ValueReader): string {
  let origin = "";
  let inPath = false;
  const parts = parseTemplate(url.trim(), at, values).map((part): Part => {
    if ("value" in part) {
      if (inPath) return { value: { code: `encodeURIComponent(${textCode(part.value)})`, type: STRING } };
      // Stands for what the value holds, so that a path is told from the slashes after the scheme.
      if (!origin.endsWith("x")) origin += "x";
      return part;
    }
    origin += part.text;
    inPath ||= origin.length > MAX_ORIGIN_CHARS || /[/?#]/.test(origin.replace(/^[a-z][a-z0-9+.-]*:\/\//i, ""));
    return part;
  });
  return templateConfig(parts);
}
