import type { WorkflowSummary } from "@millrace/contract";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Activity, Copy, Download, Ellipsis, Pencil, Power, Trash2 } from "lucide-react";
import { useState } from "react";
import { exportWorkflow } from "#api/versions.ts";
import { createWorkflow, deleteWorkflow, updateWorkflow, workflowQuery } from "#api/workflows.ts";
import { useAction } from "#app/use-action.ts";
import { useText } from "#pages/workflows/text.ts";
import { IconButton } from "#ui/button.tsx";
import { Confirm } from "#ui/confirm.tsx";
import { download } from "#ui/json-view.tsx";
import { Menu } from "#ui/menu.tsx";

const LISTS = [["workflows"]] as const;

/** What can be done with a workflow besides editing it. */
export function RowMenu({ workflow }: { workflow: WorkflowSummary }) {
  const { id, name, apiEnabled } = workflow;
  const t = useText();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [deleting, setDeleting] = useState(false);
  const duplicate = useAction({
    run: async (copy: string) => {
      const { document } = await queries.fetchQuery(workflowQuery(id));
      const { id: _, ...rest } = document as { readonly id?: unknown };
      return createWorkflow({ ...rest, name: copy });
    },
    done: (_, copy) => t("duplicated", { name: copy }),
    changes: LISTS,
  });
  const toggle = useAction({ run: updateWorkflow, done: () => t("api.changed", { name }), changes: LISTS });
  const remove = useAction({ run: deleteWorkflow, done: () => t("deleted", { name }), changes: LISTS, onDone: () => setDeleting(false) });
  const save = useAction({
    run: () => exportWorkflow({ workflow: id, format: "millrace" }),
    changes: [],
    onDone: ({ fileName, content }) => download(fileName, content),
  });
  return (
    <>
      <Menu
        trigger={<IconButton size="small" icon={Ellipsis} label={t("menu", { name })} />}
        items={[
          {
            key: "edit",
            label: t("edit"),
            icon: Pencil,
            onSelect: () => void navigate({ to: "/workflows/$workflow/edit", params: { workflow: id } }),
          },
          { key: "runs", label: t("runs.open"), icon: Activity, onSelect: () => void navigate({ to: "/runs", search: { workflow: id } }) },
          null,
          {
            key: "duplicate",
            label: t("duplicate"),
            icon: Copy,
            needs: "edit",
            onSelect: () => duplicate.mutate(t("duplicate.name", { name })),
          },
          { key: "export", label: t("export"), icon: Download, onSelect: () => save.mutate(undefined) },
          {
            key: "api",
            label: apiEnabled ? t("api.disable") : t("api.enable"),
            icon: Power,
            needs: "edit",
            onSelect: () => toggle.mutate({ workflow: id, apiEnabled: !apiEnabled }),
          },
          null,
          { key: "delete", label: t("delete"), icon: Trash2, danger: true, needs: "edit", onSelect: () => setDeleting(true) },
        ]}
      />
      <Confirm
        open={deleting}
        title={t("delete.title", { name })}
        effect={t("delete.effect")}
        action={t("delete")}
        typed={name}
        busy={remove.isPending}
        onClose={() => setDeleting(false)}
        onConfirm={() => remove.mutate(id)}
      />
    </>
  );
}
