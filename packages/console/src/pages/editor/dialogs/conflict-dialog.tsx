import { useState } from "react";
import { useEditor } from "#pages/editor/context.ts";
import { DifferenceList } from "#pages/editor/dialogs/publish-dialog.tsx";
import type { EditorUi } from "#pages/editor/editor-ui.ts";
import { differences } from "#pages/editor/model/differences.ts";
import type { Saver } from "#pages/editor/saver.ts";
import type { Conflict } from "#pages/editor/store.ts";
import { useText } from "#pages/editor/text.ts";
import { useFormat } from "#text/format.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";

/** Somebody saved first: a banner that stays until a person has decided. Neither choice throws anything away. */
export function ConflictBanner({ ui, saver }: { ui: EditorUi; saver: Saver }) {
  const t = useText();
  const format = useFormat();
  const save = useEditor((state) => state.save);
  if (save.kind !== "conflict") return null;
  const { theirs, base, savedAt, savedBy } = save.conflict;
  const count = differences(base, theirs).length;
  return (
    <div role="alert" className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-bad-soft px-4 py-2">
      <p className="grow">
        {t("conflict.text", { who: savedBy ?? t("author.server"), when: savedAt === null ? "" : format.relative(savedAt, Date.now()) })}{" "}
        <span className="text-quiet">{t("conflict.changes", { count })}</span>
      </p>
      <div className="flex flex-wrap gap-2">
        <Button size="small" onClick={() => ui.openDialog("conflict")}>
          {t("conflict.compare")}
        </Button>
        <Button size="small" onClick={() => saver.keepMine()}>
          {t("conflict.mine")}
        </Button>
        <Button size="small" onClick={() => saver.takeTheirs()}>
          {t("conflict.theirs")}
        </Button>
      </div>
      <CompareDialog ui={ui} saver={saver} conflict={save.conflict} />
    </div>
  );
}

function CompareDialog({ ui, saver, conflict }: { ui: EditorUi; saver: Saver; conflict: Conflict }) {
  const t = useText();
  const mine = useEditor(({ edit }) => edit.document);
  const [shown, setShown] = useState<"lists" | "json">("lists");
  const close = () => ui.openDialog(null);
  const choose = (work: () => void) => () => {
    close();
    work();
  };
  return (
    <Dialog
      open={ui.dialog === "conflict"}
      onClose={close}
      wide
      title={t("conflict.compare.title")}
      description={t("conflict.help")}
      actions={
        <>
          <Button onClick={choose(() => saver.takeTheirs())}>{t("conflict.theirs")}</Button>
          <Button kind="primary" onClick={choose(() => saver.keepMine())}>
            {t("conflict.mine")}
          </Button>
        </>
      }
    >
      <button type="button" className="mb-3 text-sm underline" onClick={() => setShown(shown === "lists" ? "json" : "lists")}>
        {shown === "lists" ? t("mode.json") : t("conflict.lists")}
      </button>
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
        {[
          { title: t("conflict.yours"), document: mine },
          { title: t("conflict.others"), document: conflict.theirs },
        ].map(({ title, document }) => (
          <section key={title} className="flex min-w-0 flex-col gap-2">
            <h3 className="font-medium">{title}</h3>
            {shown === "lists" ? (
              <DifferenceList list={differences(conflict.base, document)} />
            ) : (
              <pre className="max-h-96 overflow-auto rounded-md border border-line bg-raised p-3 text-xs">
                {JSON.stringify(document, null, 2)}
              </pre>
            )}
          </section>
        ))}
      </div>
    </Dialog>
  );
}
