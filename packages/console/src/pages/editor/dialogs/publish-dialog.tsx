import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { draftHistoryQuery } from "#api/drafts.ts";
import { publishDraft, versionQuery, versionsQuery } from "#api/versions.ts";
import { useEditor, useStore } from "#pages/editor/context.ts";
import type { EditorUi } from "#pages/editor/editor-ui.ts";
import { type Difference, differences } from "#pages/editor/model/differences.ts";
import type { Saver } from "#pages/editor/saver.ts";
import { useText } from "#pages/editor/text.ts";
import { useFormat } from "#text/format.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { Field, TextArea } from "#ui/field.tsx";
import { ErrorNotice } from "#ui/notice.tsx";
import { useToast } from "#ui/toast.tsx";

interface PublishDialogProps {
  readonly ui: EditorUi;
  readonly saver: Saver;
}

/** What goes live, whose edits it is, and why. Errors hold it back; warnings do not. */
export function PublishDialog({ ui, saver }: PublishDialogProps) {
  const t = useText();
  const store = useStore();
  const toast = useToast();
  const queries = useQueryClient();
  const problems = useEditor((state) => state.problems);
  const workflowId = useEditor((state) => state.workflowId);
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const blocked = problems.errors > 0;
  const publish = async () => {
    setBusy(true);
    setError(null);
    try {
      await saver.flush();
      const { version, changed } = await publishDraft(workflowId, note.trim(), store.get().revision);
      await queries.invalidateQueries({ queryKey: ["versions", workflowId] });
      toast({ title: changed ? t("published", { version }) : t("published.same", { version }) });
      setNote("");
      ui.openDialog(null);
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open={ui.dialog === "publish"}
      onClose={() => ui.openDialog(null)}
      title={t("publish.title")}
      actions={
        <>
          <Button onClick={() => ui.openDialog(null)}>{t("cancel")}</Button>
          <Button kind="primary" disabled={blocked || busy} onClick={() => void publish()}>
            {t("publish")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {blocked && (
          <div className="flex flex-wrap items-center justify-between gap-2 rounded-md bg-bad-soft p-3">
            <p>{t("publish.errors", { count: problems.errors })}</p>
            <Button
              size="small"
              onClick={() => {
                ui.openDialog(null);
                ui.setSide("problems");
              }}
            >
              {t("publish.show")}
            </Button>
          </div>
        )}
        {error !== null && <ErrorNotice error={error} />}
        <Changes />
        <Authors />
        <Field label={t("publish.note")} hint={t("publish.note.help")}>
          {(control) => <TextArea {...control} rows={2} maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} />}
        </Field>
      </div>
    </Dialog>
  );
}

/** What differs from the version that callers reach. */
function Changes() {
  const t = useText();
  const document = useEditor(({ edit }) => edit.document);
  const workflowId = useEditor((state) => state.workflowId);
  const { data: versions } = useQuery(versionsQuery(workflowId));
  const live = versions?.data.find((version) => version.live)?.version;
  const { data: version } = useQuery(versionQuery(workflowId, live));
  if (versions && live === undefined) return <p className="text-quiet">{t("publish.first")}</p>;
  if (!version) return null;
  const found = differences(version.document, document);
  return (
    <section className="flex flex-col gap-1">
      <h3 className="font-medium">{t("publish.changes", { version: live ?? "" })}</h3>
      {found.length === 0 ? <p className="text-quiet">{t("publish.none")}</p> : <DifferenceList list={found} />}
    </section>
  );
}

const MOST = 12;

export function DifferenceList({ list }: { list: readonly Difference[] }) {
  const t = useText();
  return (
    <ul className="flex flex-col gap-0.5 text-sm">
      {list.slice(0, MOST).map(({ change, at }) => (
        <li key={`${change} ${at}`} className="[overflow-wrap:anywhere]">
          {t(`difference.${change}`, { name: at })}
        </li>
      ))}
      {list.length > MOST && <li className="text-quiet">{t("difference.more", { count: list.length - MOST })}</li>}
    </ul>
  );
}

/** Whose saves are in the draft since the live version was made. */
function Authors() {
  const t = useText();
  const format = useFormat();
  const workflowId = useEditor((state) => state.workflowId);
  const { data: versions } = useQuery(versionsQuery(workflowId));
  const { data: history } = useQuery(draftHistoryQuery(workflowId));
  const since = versions?.data.find(({ live }) => live)?.createdAt ?? 0;
  const saves = (history?.data ?? []).filter(({ outcome, savedAt }) => outcome === "saved" && savedAt > since);
  const byAuthor = Map.groupBy(saves, ({ savedBy }) => savedBy?.name ?? "");
  if (byAuthor.size === 0) return null;
  return (
    <section className="flex flex-col gap-1">
      <h3 className="font-medium">{t("publish.authors")}</h3>
      <ul className="text-sm">
        {[...byAuthor].map(([author, entries]) => (
          <li key={author}>
            {author === "" ? t("author.server") : author}{" "}
            <span className="text-quiet">
              {t("author.saves", { count: entries.length, time: format.time(Math.max(...entries.map(({ savedAt }) => savedAt))) })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
