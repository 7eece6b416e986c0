import type { Action } from "#cli/command";
import { listTemplates } from "#templates/templates";

export const run: Action = async (context) => {
  const data = (await listTemplates()).map(({ name, workflow, summary, files }) => ({ name, workflow, summary, files }));
  await context.output.data({ data }, { rows: data.map(({ name, summary }) => ({ name, summary })), names: data.map(({ name }) => name) });
};
