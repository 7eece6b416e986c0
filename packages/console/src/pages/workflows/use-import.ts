import type { ImportAnswer } from "@millrace/contract";
import { useState } from "react";
import { ApiError } from "#api/client.ts";
import { importFile, previewImport } from "#api/workflows.ts";
import { useAction } from "#app/use-action.ts";
import { useText } from "#pages/workflows/text.ts";
import { jsonFault } from "#text/json-fault.ts";
import { useJsonFault } from "#ui/json-fault.ts";

interface Asked {
  readonly file: Blob;
  readonly report: ImportAnswer;
}

/** Takes a file in; where it would change a workflow that is there, or lose something, people are asked first. */
export function useImport() {
  const t = useText();
  const inWords = useWords();
  const [asked, setAsked] = useState<Asked | null>(null);
  const take = useAction({
    run: importFile,
    done: ({ workflows }: ImportAnswer) => t("imported", { names: workflows.map(({ name }) => name).join(", ") }),
    changes: [["workflows"]],
    onDone: () => setAsked(null),
  });
  const look = useAction({
    run: (file: Blob) => previewImport(file).catch(async (error: unknown) => Promise.reject(await inWords(error, file))),
    changes: [],
    onDone: (report, file) => {
      if (report.warnings.length > 0 || report.workflows.some(({ id }) => id !== undefined)) setAsked({ file, report });
      else take.mutate(file);
    },
  });
  return { look: look.mutate, asked, busy: take.isPending, take: take.mutate, cancel: () => setAsked(null) };
}

/** Of a file that is no JSON the server says why in English; where it breaks off being JSON can be said in the language of the page. */
function useWords(): (error: unknown, file: Blob) => Promise<unknown> {
  const faultText = useJsonFault();
  return async (error, file) => {
    if (!(error instanceof ApiError) || error.type !== "file_unreadable") return error;
    const text = await file.text();
    const fault = /^\s*[[{]/.test(text) ? jsonFault(text) : null;
    return fault ? new Error(faultText(fault)) : error;
  };
}
