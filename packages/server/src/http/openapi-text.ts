import { openApiDocument } from "@millrace/contract";

let text: string | undefined;

/** The description of every route, made once. */
export function openApiText(version: string): string {
  text ??= JSON.stringify(openApiDocument({ version }));
  return text;
}
