import { useQuery } from "@tanstack/react-query";
import { draftHistoryQuery, getDraftEntry } from "#api/drafts.ts";
import { useEditor, useStore } from "#pages/editor/context.ts";
import type { EditorUi } from "#pages/editor/editor-ui.ts";
import { useText } from "#pages/editor/text.ts";
import { useFormat } from "#text/format.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";
import { useToast } from "#ui/toast.tsx";

/** What the draft was before, and saves that came too late: each can become the draft again, as one step that can be taken back. */
export function HistoryDialog({ ui }: { ui: EditorUi }) {
  const t = useText();
  return (
    <Dialog
      open={ui.dialog === "history"}
      onClose={() => ui.openDialog(null)}
      place="side"
      title={t("history")}
      description={t("history.help")}
    >
      <Entries onDone={() => ui.openDialog(null)} />
    </Dialog>
  );
}

function Entries({ onDone }: { onDone: () => void }) {
  const t = useText();
  const format = useFormat();
  const store = useStore();
  const toast = useToast();
  const workflowId = useEditor((state) => state.workflowId);
  const { data, error, isPending, refetch } = useQuery({ ...draftHistoryQuery(workflowId), staleTime: 0 });
  const restore = async (entry: number) => {
    const { document } = await getDraftEntry(workflowId, entry);
    store.run({ label: "restore" }, () => document);
    toast({ title: t("history.restored"), action: { label: t("undo"), run: () => store.undo() } });
    onDone();
  };
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Skeleton rows={4} />;
  if (data.data.length === 0) return <p className="text-quiet">{t("history.empty")}</p>;
  return (
    <ol className="flex flex-col divide-y divide-line">
      {data.data.map(({ entry, outcome, savedAt, savedBy, revision }) => (
        <li key={entry} className="flex items-center justify-between gap-3 py-2.5">
          <span className="min-w-0">
            <span className="block">{format.time(savedAt)}</span>
            <span className="block truncate text-sm text-quiet">
              {savedBy?.name ?? t("author.server")} · {outcome === "refused" ? t("history.refused") : t("history.revision", { revision })}
            </span>
          </span>
          <Button size="small" onClick={() => void restore(entry)}>
            {t("history.restore")}
          </Button>
        </li>
      ))}
    </ol>
  );
}
