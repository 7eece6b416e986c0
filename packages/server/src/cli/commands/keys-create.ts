import type { CreateKeyAnswer } from "@millrace/contract";
import { usageError } from "#cli/cli-error";
import { call } from "#cli/client";
import type { Action } from "#cli/command";
import { expiryOf } from "#cli/expiry";
import type { Given } from "#cli/given";
import { rateLimit } from "#cli/rate-limit";
import { namingWorkflow } from "#cli/workflow";

export const run: Action = async (context, given) => {
  const workflows = given.list("workflow");
  if (workflows.length === 0 && !given.text("scope")?.includes("admin"))
    throw usageError("keys create: --workflow is missing", "only a key with --scope admin reaches every workflow");
  const limit = rateLimit(given.text("rate"));
  const body = { workflows, ...scopesOf(given), ...expiryOf(given), ...nameOf(given), rateLimit: limit, ...roleOf(given) };
  const create = () => call(context, "POST", "/api/v1/keys", { body });
  const [only = ""] = workflows;
  const { json } = await (workflows.length === 1 ? namingWorkflow(context, only, create) : create());
  const answer = json as CreateKeyAnswer;
  await context.output.data(answer, { rows: [], names: [answer.id], table: `${answer.key}\n`, text: `${answer.key}\n` });
  context.output.note(
    `This is the only time the key is shown. Id ${answer.id}, for ${workflows.join(", ") || "every workflow"}: ${answer.scopes.join(", ")}`,
  );
};

function scopesOf(given: Given): { scopes?: readonly string[] } {
  const text = given.text("scope");
  if (text !== undefined) return { scopes: text.split(",").map((scope) => scope.trim()) };
  return {};
}

function roleOf(given: Given): { role?: string } {
  const role = given.text("role");
  return role === undefined ? {} : { role };
}

function nameOf(given: Given): { name?: string } {
  const name = given.text("name");
  return name === undefined ? {} : { name };
}
