import type { JsonFault } from "#text/json-fault.ts";
import { useText } from "#ui/text.ts";

/** Says where a text stops to be JSON, in the language of the page. */
export function useJsonFault(): (fault: JsonFault) => string {
  const t = useText();
  return ({ line, column, end }) => (end ? t("json.end") : t("json.fault", { line: String(line), column: String(column) }));
}
