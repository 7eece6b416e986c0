import type { SignInLink, WorkflowView } from "@millrace/contract";
import { call, segment } from "#cli/client";
import type { Action } from "#cli/command";
import type { CliContext } from "#cli/context";
import { openBrowser } from "#cli/open-browser";
import { callWorkflow } from "#cli/workflow";

export const run: Action = async (context, given) => {
  const [target] = given.arguments;
  const path = target === undefined ? "/login" : await pageOf(context, target);
  const link = (await call(context, "POST", "/api/v1/sign-in-links")).json as SignInLink;
  // Every page of the console takes the link, and stays what it is.
  const url = link.url.replace("/login#", `${path}#`);
  await context.output.data({ ...link, url }, { rows: [], names: [url], table: `${url}\n`, text: `${url}\n` });
  const opened = context.interactive && process.stdout.isTTY === true && (await openBrowser(url));
  context.output.note(opened ? "It is opened in the browser: it signs in once." : "Open it in a browser within an hour: it signs in once.");
};

const RUN_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

async function pageOf(context: CliContext, target: string): Promise<string> {
  if (RUN_ID.test(target)) {
    await call(context, "GET", `/api/v1/runs/${segment(target)}`);
    return `/runs/${target}`;
  }
  const { id } = (await callWorkflow(context, "GET", target)).json as WorkflowView;
  return `/workflows/${id}/edit`;
}
