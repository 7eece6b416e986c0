import { sampleInput } from "@millrace/contract";
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { runDraft } from "#api/draft-runs.ts";
import { makeFromTemplate } from "#api/home.ts";
import { workflowQuery } from "#api/workflows.ts";
import { useAction } from "#app/use-action.ts";
import { startSchema } from "#pages/start-schema.ts";

const CHANGES = [["workflows"], ["home"]] as const;

/** Runs a workflow's draft with the values that its Start node has as defaults and examples. */
async function runExample(queries: QueryClient, workflow: string): Promise<string> {
  const { document } = await queries.fetchQuery(workflowQuery(workflow));
  const { workflowRunId } = await runDraft(workflow, { input: sampleInput(startSchema(document)) });
  return workflowRunId;
}

/** What is done with templates: `edit` makes a workflow of one and opens it; `run` makes one, where none is named, and shows its first run. */
export function useTemplates() {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const edit = useAction({
    run: makeFromTemplate,
    changes: CHANGES,
    onDone: ({ id }) => void navigate({ to: "/workflows/$workflow/edit", params: { workflow: id } }),
  });
  const run = useAction({
    run: async ({ template, workflow }: { readonly template: string; readonly workflow?: string | undefined }) =>
      runExample(queries, workflow ?? (await makeFromTemplate(template)).id),
    changes: CHANGES,
    onDone: (id) => void navigate({ to: "/runs/$run", params: { run: id } }),
  });
  return { edit: edit.mutate, run: run.mutate, isBusy: edit.isPending || run.isPending };
}
