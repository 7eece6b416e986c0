import { Search } from "lucide-react";
import { useMemo, useState } from "react";
import { groupOf, PALETTE } from "#pages/editor/model/kinds.ts";
import { GROUP_TONES, iconOf } from "#pages/editor/node-icons.ts";
import { useNodeTexts } from "#pages/editor/node-texts.ts";
import { useText } from "#pages/editor/text.ts";
import { folded } from "#text/fold.ts";
import { classes } from "#ui/classes.ts";
import { TextInput } from "#ui/field.tsx";

/** What a dragged node type is called on its way to the canvas. */
export const NODE_DRAG = "application/x-millrace-node";

/** Node types by group: dragged to the canvas, or added behind the selected node by a click. */
export function Palette({ onAdd }: { onAdd: (type: string) => void }) {
  const t = useText();
  const texts = useNodeTexts();
  const [text, setText] = useState("");
  const groups = useMemo(() => {
    const wanted = folded(text);
    const isWanted = (type: string) => folded(`${texts.title(type)} ${type} ${texts.summary(type)}`).includes(wanted);
    return PALETTE.map(({ group, types }) => ({ group, types: types.filter(isWanted) })).filter(({ types }) => types.length > 0);
  }, [texts, text]);
  return (
    <aside aria-label={t("palette")} className="flex w-52 shrink-0 flex-col border-e border-line bg-surface max-lg:hidden">
      <div className="relative p-2">
        <Search size={14} aria-hidden="true" className="absolute top-1/2 left-4 -translate-y-1/2 text-quiet" />
        <TextInput
          className="w-full ps-7"
          aria-label={t("palette.search")}
          placeholder={t("palette.search")}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <div className="min-h-0 grow overflow-y-auto px-2 pb-3">
        {groups.map(({ group, types }) => (
          <section key={group} aria-label={t(`group.${group}`)}>
            <h2 className="px-1 pt-2.5 pb-1 text-xs font-medium text-quiet">{t(`group.${group}`)}</h2>
            {types.map((type) => (
              <PaletteItem key={type} type={type} title={texts.title(type)} summary={texts.summary(type)} onAdd={onAdd} />
            ))}
          </section>
        ))}
        {groups.length === 0 && <p className="px-1 py-4 text-sm text-quiet">{t("choose.none", { text })}</p>}
      </div>
    </aside>
  );
}

function PaletteItem({ type, title, summary, onAdd }: { type: string; title: string; summary: string; onAdd: (type: string) => void }) {
  const Icon = iconOf(type);
  return (
    <button
      type="button"
      draggable
      title={summary}
      onDragStart={(event) => {
        event.dataTransfer.setData(NODE_DRAG, type);
        event.dataTransfer.effectAllowed = "copy";
      }}
      onClick={() => onAdd(type)}
      className="flex w-full cursor-grab items-center gap-2 rounded-md px-1 py-1 text-start hover:bg-raised"
    >
      <span className={classes("flex size-6 shrink-0 items-center justify-center rounded-md", GROUP_TONES[groupOf(type)])}>
        <Icon size={14} aria-hidden="true" />
      </span>
      <span className="truncate text-sm">{title}</span>
    </button>
  );
}
