import type { SignInLink } from "@millrace/contract";
import { call } from "#cli/client";
import type { Action } from "#cli/command";

export const run: Action = async (context) => {
  const link = (await call(context, "POST", "/api/v1/sign-in-links")).json as SignInLink;
  await context.output.data(link, { rows: [], names: [link.url], table: `${link.url}\n`, text: `${link.url}\n` });
  context.output.note("Open it in a browser within an hour: it signs in once.");
};
