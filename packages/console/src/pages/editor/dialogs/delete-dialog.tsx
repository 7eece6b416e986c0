import { useMemo, useState } from "react";
import { remove } from "#pages/editor/actions.ts";
import { useEditor, useStore } from "#pages/editor/context.ts";
import type { EditorUi } from "#pages/editor/editor-ui.ts";
import { removeNodes } from "#pages/editor/model/commands.ts";
import { allNodes, bodyOf, nodeOf, placesOf } from "#pages/editor/model/document.ts";
import { renameReferences, usagesOf } from "#pages/editor/model/references.ts";
import { useText } from "#pages/editor/text.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { Field, Select } from "#ui/field.tsx";

/** The usages of what is selected by nodes that stay; what goes with its container is gone too. */
export function usagesOfSelection(document: Parameters<typeof usagesOf>[0], ids: ReadonlySet<string>) {
  const places = placesOf(document);
  const goes = (id: string) => ids.has(id) || (places.get(id)?.containers.some((each) => ids.has(each)) ?? false);
  const gone = [...places.keys()].filter(goes);
  return gone.flatMap((id) =>
    usagesOf(document, id)
      .filter(({ nodeId }) => nodeId === null || !goes(nodeId))
      .map((usage) => ({ ...usage, of: id })),
  );
}

/** A node that others read goes: the list of who reads it, and another node that could stand in. Undo brings all of it back. */
export function DeleteDialog({ ui }: { ui: EditorUi }) {
  const t = useText();
  const store = useStore();
  const document = useEditor(({ edit }) => edit.document);
  const selection = useEditor((state) => state.selection);
  const [substitute, setSubstitute] = useState("");
  const isOpen = ui.dialog === "delete" && selection.size > 0;
  // Every letter that is typed would wait for the search.
  const usages = useMemo(() => (isOpen ? usagesOfSelection(document, selection) : []), [isOpen, document, selection]);
  const ids = [...selection];
  const close = () => {
    setSubstitute("");
    ui.openDialog(null);
  };
  const confirm = () => {
    if (substitute === "") remove(store, ids);
    else
      store.run(
        { label: "delete" },
        (current) =>
          removeNodes(
            ids.reduce((next, id) => renameReferences(next, id, substitute), current),
            ids,
          ),
        [],
      );
    close();
  };
  const others = allNodes(document).filter(({ node }) => !selection.has(node.id) && node.type !== "comment" && !bodyOf(node));
  return (
    <Dialog
      open={isOpen}
      onClose={close}
      title={t("delete.title", { count: ids.length, name: nodeOf(document, ids[0] ?? "")?.name ?? ids[0] ?? "" })}
      description={t("delete.usages", { count: usages.length })}
      actions={
        <>
          <Button onClick={close}>{t("cancel")}</Button>
          <Button kind="danger" onClick={confirm}>
            {t("delete")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {usages.length > 0 && (
          <ul className="flex max-h-48 flex-col gap-1 overflow-y-auto text-sm">
            {usages.map(({ nodeId, field, of }) => (
              <li key={`${nodeId} ${field.join(".")} ${of}`}>
                <strong className="font-medium">{nodeId === null ? document.name : (nodeOf(document, nodeId)?.name ?? nodeId)}</strong>
                <span className="text-quiet"> · {field.join(".")}</span>
              </li>
            ))}
          </ul>
        )}
        {usages.length > 0 && (
          <Field label={t("delete.replace")} hint={t("delete.replace.help")}>
            {(control) => (
              <Select {...control} value={substitute} onChange={(event) => setSubstitute(event.target.value)}>
                <option value="">{t("delete.replace.none")}</option>
                {others.map(({ node }) => (
                  <option key={node.id} value={node.id}>
                    {node.name ?? node.id}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        )}
      </div>
    </Dialog>
  );
}
