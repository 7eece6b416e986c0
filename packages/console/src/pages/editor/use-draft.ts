import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { type Draft, draftQuery } from "#api/drafts.ts";
import type { Editor } from "#pages/editor/open-editor.ts";

/** The draft as the server has it now: what others save, and what comes of a file, goes to the editor while it is open. */
export function useDraft({ draft, saver }: Editor): Draft {
  const { data } = useQuery({ ...draftQuery(draft.id), initialData: draft });
  useEffect(() => void saver.heard(data), [saver, data]);
  return data;
}
