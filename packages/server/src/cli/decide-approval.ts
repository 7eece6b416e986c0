import { type ApprovalView, isJsonObject, type JsonObject } from "@millrace/contract";
import { usageError } from "#cli/cli-error";
import { call, segment } from "#cli/client";
import type { CliContext } from "#cli/context";
import type { Given } from "#cli/given";
import { parseJson, textOf } from "#cli/invoke-input";
import { approvalRow } from "#cli/print-approval";

/** Decides the approval of the first argument. */
export async function decideApproval(context: CliContext, given: Given, action: string): Promise<void> {
  const id = given.argument(0);
  const path = `/api/v1/approvals/${segment(id)}`;
  const [form, comment] = [await formOf(context, given, path), given.text("comment")];
  const body = { action, ...(form && { form }), ...(comment !== undefined && { comment }) };
  const approval = (await call(context, "POST", `${path}/decide`, { body })).json as ApprovalView;
  await context.output.data(approval, { rows: [approvalRow(approval)], names: [approval.id] });
  if (approval.status === "OPEN") context.output.note("Your answer is recorded; others have to agree.");
}

/** `--form` as a whole, and each `-f key=value` over it; undefined: neither was given. */
async function formOf(context: CliContext, given: Given, path: string): Promise<JsonObject | undefined> {
  const [whole, pairs] = [given.text("form"), given.list("f")];
  if (whole === undefined && pairs.length === 0) return undefined;
  const base = whole === undefined ? {} : parseJson(await textOf(context, "--form", whole));
  if (!isJsonObject(base)) throw usageError("--form: a JSON object is needed", `--form '{"amount":120}'`);
  if (pairs.length === 0) return base;
  const { form = {} } = (await call(context, "GET", path)).json as { form?: { properties?: { [name: string]: { type?: unknown } } } };
  return { ...base, ...Object.fromEntries(pairs.map((pair) => readPair(pair, form.properties ?? {}))) };
}

/** As the form types it: a text is a text, all else is JSON where it can be read. */
function readPair(pair: string, fields: { readonly [name: string]: { type?: unknown } }): readonly [string, JsonObject[string]] {
  const at = pair.indexOf("=");
  if (at < 1) throw usageError(`-f: "${pair}" is not key=value`);
  const [key, text] = [pair.slice(0, at), pair.slice(at + 1)];
  return [key, fields[key]?.type === "string" ? text : (parseJson(text) ?? text)];
}
