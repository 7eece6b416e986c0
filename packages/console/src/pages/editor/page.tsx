import { useParams } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { EditorView } from "#pages/editor/editor-view.tsx";
import { type Editor, openEditor } from "#pages/editor/open-editor.ts";
import { useText } from "#pages/editor/text.ts";
import { NotYet, useTitle } from "#ui/page.tsx";
import { useMay } from "#ui/permission.tsx";

/** Each workflow gets an editor of its own: nothing of one is ever saved under the name of another. */
export default function EditorPage() {
  const { workflow = "" } = useParams({ strict: false });
  return <Opened key={workflow} id={workflow} />;
}

function Opened({ id }: { id: string }) {
  const t = useText();
  const [editor, setEditor] = useState<Editor | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [tries, setTries] = useState(0);
  const locked = !useMay()("edit");
  useTitle(editor?.draft.name ?? t("title"));
  // biome-ignore lint/correctness/useExhaustiveDependencies: a try is another opening
  useEffect(() => {
    const controller = new AbortController();
    let opened: Editor | null = null;
    setError(null);
    openEditor(id, locked, controller.signal).then(
      (next) => {
        opened = next;
        if (controller.signal.aborted) next.close();
        else setEditor(next);
      },
      (problem: unknown) => {
        if (!controller.signal.aborted) setError(problem);
      },
    );
    return () => {
      controller.abort();
      opened?.close();
    };
  }, [id, locked, tries]);
  if (error !== null || !editor) return <NotYet error={error} onRetry={() => setTries(tries + 1)} />;
  return <EditorView editor={editor} />;
}
