import { useMemo } from "react";
import { add, join, targetsFrom } from "#pages/editor/actions.ts";
import { portName } from "#pages/editor/canvas/node-parts.tsx";
import { Choose } from "#pages/editor/choose.tsx";
import { useEditor, useStore } from "#pages/editor/context.ts";
import type { EditorUi } from "#pages/editor/editor-ui.ts";
import { allNodes, nodeOf } from "#pages/editor/model/document.ts";
import { groupOf, PALETTE } from "#pages/editor/model/kinds.ts";
import { GROUP_TONES, iconOf } from "#pages/editor/node-icons.ts";
import { useNodeTexts } from "#pages/editor/node-texts.ts";
import { useText } from "#pages/editor/text.ts";

/** Which node comes where `+`, `Tab` or a handle asked for one. */
export function AddDialog({ ui }: { ui: EditorUi }) {
  const t = useText();
  const texts = useNodeTexts();
  const store = useStore();
  const choices = useMemo(
    () =>
      PALETTE.flatMap(({ group, types }) =>
        types.map((type) => ({
          key: type,
          label: texts.title(type),
          detail: texts.summary(type),
          group: t(`group.${group}`),
          icon: iconOf(type),
          tone: GROUP_TONES[groupOf(type)],
        })),
      ),
    [texts, t],
  );
  const choose = (type: string) => {
    if (ui.adding) add(store, type, ui.adding);
    ui.closeAdd();
  };
  return <Choose open={ui.adding !== null} title={t("add.title")} choices={choices} empty="" onChoose={choose} onClose={ui.closeAdd} />;
}

/** Where an edge from the selected node may lead. */
export function ConnectDialog({ ui }: { ui: EditorUi }) {
  const t = useText();
  const texts = useNodeTexts();
  const store = useStore();
  const document = useEditor(({ edit }) => edit.document);
  const [id = ""] = useEditor((state) => state.selection);
  const open = ui.dialog === "connect";
  const targets = open ? targetsFrom(document, id) : [];
  const choices = targets.map(({ port, to }) => {
    const node = nodeOf(document, to);
    return {
      key: `${port} ${to}`,
      label: node?.name ?? to,
      detail: texts.title(node?.type ?? ""),
      group: t("connect.from", { port: portName(port, t) }),
      ...(node && { icon: iconOf(node.type), tone: GROUP_TONES[groupOf(node.type)] }),
    };
  });
  const choose = (key: string) => {
    const [port = "", to = ""] = key.split(" ");
    ui.openDialog(null);
    join(store, { from: id, port, to });
  };
  return (
    <Choose
      open={open}
      title={t("connect.title", { name: nodeOf(document, id)?.name ?? id })}
      choices={choices}
      empty={t("connect.none")}
      onChoose={choose}
      onClose={() => ui.openDialog(null)}
    />
  );
}

/** Any node of the workflow, by its name, id, kind or text. */
export function FindDialog({ ui }: { ui: EditorUi }) {
  const t = useText();
  const texts = useNodeTexts();
  const store = useStore();
  const document = useEditor(({ edit }) => edit.document);
  const open = ui.dialog === "find";
  const choices = open
    ? allNodes(document).map(({ node }) => ({
        key: node.id,
        label: node.name ?? node.id,
        detail: `${texts.title(node.type)} · ${node.id}`,
        icon: iconOf(node.type),
        tone: GROUP_TONES[groupOf(node.type)],
      }))
    : [];
  const choose = (id: string) => {
    ui.openDialog(null);
    store.select([id]);
  };
  return <Choose open={open} title={t("find.title")} choices={choices} empty="" onChoose={choose} onClose={() => ui.openDialog(null)} />;
}
