import type { ImportAnswer } from "@millrace/contract";
import { useState } from "react";
import { importFile, previewImport } from "#api/workflows.ts";
import { useAction } from "#app/use-action.ts";
import { useText } from "#pages/workflows/text.ts";

interface Asked {
  readonly file: Blob;
  readonly report: ImportAnswer;
}

/** Takes a file in; where it would change a workflow that is there, or lose something, people are asked first. */
export function useImport() {
  const t = useText();
  const [asked, setAsked] = useState<Asked | null>(null);
  const take = useAction({
    run: importFile,
    done: ({ workflows }: ImportAnswer) => t("imported", { names: workflows.map(({ name }) => name).join(", ") }),
    changes: [["workflows"]],
    onDone: () => setAsked(null),
  });
  const look = useAction({
    run: previewImport,
    changes: [],
    onDone: (report, file) => {
      if (report.warnings.length > 0 || report.workflows.some(({ id }) => id !== undefined)) setAsked({ file, report });
      else take.mutate(file);
    },
  });
  return { look: look.mutate, asked, busy: take.isPending, take: take.mutate, cancel: () => setAsked(null) };
}
