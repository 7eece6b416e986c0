import type { HookWithSecrets } from "@millrace/contract";
import { call } from "#cli/client";
import type { Action } from "#cli/command";
import type { CliContext } from "#cli/context";
import type { Given } from "#cli/given";
import { wholeInput } from "#cli/invoke-input";
import { printHook } from "#cli/print-hook";
import { rateLimit } from "#cli/rate-limit";
import { readStdin } from "#cli/stdin";
import { namingWorkflow } from "#cli/workflow";

export const run: Action = async (context, given) => {
  const workflow = given.argument(0);
  const body = {
    workflow,
    methods: given
      .text("method")
      ?.split(",")
      .map((method) => method.trim().toUpperCase()),
    headers: given.list("header"),
    input: await wholeInput(context, given),
    respond: given.on("wait") ? "result" : "accepted",
    verification: await verificationOf(given),
    rateLimit: rateLimit(given.text("rate")),
    version: given.text("version"),
    name: given.text("name"),
  };
  await create(context, workflow, body);
};

async function create(context: CliContext, workflow: string, body: object): Promise<void> {
  const { json } = await namingWorkflow(context, workflow, () => call(context, "POST", "/api/v1/hooks", { body }));
  await printHook(context, json as HookWithSecrets);
}

async function verificationOf(given: Given) {
  const kind = given.text("verify") ?? "none";
  const secret = given.on("secret-stdin") ? (await readStdin()).trim() : undefined;
  return { kind, ...(kind === "hmac" && { header: given.text("signature-header") }), ...(secret !== undefined && { secret }) };
}
