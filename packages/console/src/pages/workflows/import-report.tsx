import type { ImportAnswer } from "@millrace/contract";
import { useText } from "#pages/workflows/text.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";

interface ImportReportProps {
  /** What would come of it. */
  readonly report: ImportAnswer;
  readonly busy: boolean;
  readonly onImport: () => void;
  readonly onClose: () => void;
}

/** Before anything is made: which workflow has the name already, and every part that cannot be taken over as it is, with its place. */
export function ImportReport({ report: { workflows, warnings }, busy, onImport, onClose }: ImportReportProps) {
  const t = useText();
  const known = workflows.some(({ id }) => id !== undefined);
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t("import.title", { names: workflows.map(({ name }) => name).join(", ") })}
      actions={
        <Button kind="primary" disabled={busy} onClick={onImport}>
          {t(known ? "import.update" : "import.action")}
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        {known && <p>{t("import.known")}</p>}
        {warnings.length > 0 && (
          <section className="flex flex-col gap-3">
            <h3 className="font-medium">{t("imported.report")}</h3>
            <ul className="flex flex-col gap-3">
              {warnings.map(({ code, path, message }) => (
                <li key={`${path} ${code}`}>
                  <p className="[overflow-wrap:anywhere]">{message}</p>
                  <p className="text-sm text-quiet">
                    <code>{path}</code>
                  </p>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </Dialog>
  );
}
