import type { ImportAnswer } from "@millrace/contract";
import { useText } from "#pages/workflows/text.ts";
import { Dialog } from "#ui/dialog.tsx";

/** Every part of a file that could not be taken over as it was, with its place. */
export function ImportReport({ report, onClose }: { report: ImportAnswer; onClose: () => void }) {
  const t = useText();
  return (
    <Dialog open wide onClose={onClose} title={t("imported.report")} description={report.workflows.map(({ name }) => name).join(", ")}>
      <ul className="flex flex-col gap-3">
        {report.warnings.map(({ code, path, message }) => (
          <li key={`${path} ${code}`}>
            <p className="[overflow-wrap:anywhere]">{message}</p>
            <p className="text-sm text-quiet">
              <code>{path}</code>
            </p>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
