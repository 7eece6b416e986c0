import { Dialog as Base } from "@base-ui/react/dialog";
import type { LucideIcon } from "lucide-react";
import { Search } from "lucide-react";
import { type KeyboardEvent, useId, useMemo, useState } from "react";
import { isComposing } from "#app/shortcuts.ts";
import { useText } from "#pages/editor/text.ts";
import { folded } from "#text/fold.ts";
import { classes } from "#ui/classes.ts";

export interface Choice {
  readonly key: string;
  readonly label: string;
  readonly detail?: string;
  /** Rows of one group stand under its name. */
  readonly group?: string;
  readonly icon?: LucideIcon;
  readonly tone?: string;
}

interface ChooseProps {
  readonly open: boolean;
  readonly title: string;
  readonly choices: readonly Choice[];
  readonly empty: string;
  readonly onChoose: (key: string) => void;
  readonly onClose: () => void;
}

/** A list to be searched and chosen from by keyboard or pointer: node types, targets of an edge, nodes of the workflow. */
export function Choose({ open, title, choices, empty, onChoose, onClose }: ChooseProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-shade" />
        <Base.Popup
          finalFocus={() => document.querySelector<HTMLElement>(".react-flow__node.selected") ?? true}
          className="fixed top-[12vh] left-1/2 z-50 flex max-h-[70vh] w-[calc(100vw-2rem)] -translate-x-1/2 flex-col overflow-hidden rounded-lg border border-line bg-surface shadow-2xl outline-none sm:w-md"
        >
          <Base.Title className="sr-only">{title}</Base.Title>
          <SearchList title={title} choices={choices} empty={empty} onChoose={onChoose} />
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

function SearchList({ title, choices, empty, onChoose }: Pick<ChooseProps, "title" | "choices" | "empty" | "onChoose">) {
  const t = useText();
  const id = useId();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const found = useMemo(() => matching(choices, text), [choices, text]);
  const current = found[Math.min(at, found.length - 1)];
  const keyDown = (event: KeyboardEvent) => {
    if (isComposing(event.nativeEvent)) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setAt((Math.min(at, found.length - 1) + step + found.length) % Math.max(1, found.length));
    } else if (event.key === "Enter" && current) {
      event.preventDefault();
      onChoose(current.key);
    }
  };
  return (
    <>
      <div className="flex items-center gap-2 border-b border-line px-3">
        <Search size={16} aria-hidden="true" className="text-quiet" />
        <input
          type="text"
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={current ? `${id}-${current.key}` : undefined}
          aria-label={title}
          placeholder={title}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={keyDown}
          className="h-11 grow bg-transparent outline-none"
        />
      </div>
      <div role="listbox" id={`${id}-list`} aria-label={title} tabIndex={-1} className="overflow-y-auto p-1.5">
        {found.length === 0 && <p className="px-3 py-6 text-center text-quiet">{text === "" ? empty : t("choose.none", { text })}</p>}
        {found.map((choice, index) => (
          <div key={choice.key}>
            {choice.group !== undefined && choice.group !== found[index - 1]?.group && (
              <p aria-hidden="true" className="px-2 pt-2 pb-1 text-xs font-medium text-quiet">
                {choice.group}
              </p>
            )}
            <Row id={`${id}-${choice.key}`} choice={choice} active={choice === current} onChoose={onChoose} onHover={() => setAt(index)} />
          </div>
        ))}
      </div>
    </>
  );
}

interface RowProps {
  readonly id: string;
  readonly choice: Choice;
  readonly active: boolean;
  readonly onChoose: (key: string) => void;
  readonly onHover: () => void;
}

function Row({ id, choice: { key, label, detail, icon: Icon, tone }, active, onChoose, onHover }: RowProps) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the search field keeps the focus and names the active row
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the search field's
    <div
      id={id}
      role="option"
      aria-selected={active}
      ref={(element) => {
        if (active) element?.scrollIntoView({ block: "nearest" });
      }}
      onClick={() => onChoose(key)}
      onPointerMove={onHover}
      className={classes("flex cursor-pointer items-center gap-2.5 rounded-md px-2 py-1.5", active && "bg-raised")}
    >
      {Icon && (
        <span className={classes("flex size-7 shrink-0 items-center justify-center rounded-md", tone ?? "bg-quiet-soft text-quiet")}>
          <Icon size={15} aria-hidden="true" />
        </span>
      )}
      <span className="min-w-0 grow">
        <span className="block truncate">{label}</span>
        {detail && <span className="block truncate text-xs text-quiet">{detail}</span>}
      </span>
    </div>
  );
}

/** Rows whose name begins with the text come first. */
function matching(choices: readonly Choice[], text: string): readonly Choice[] {
  const wanted = folded(text);
  if (wanted === "") return choices;
  const found = choices.filter(({ key, label, detail }) => folded(`${label} ${key} ${detail ?? ""}`).includes(wanted));
  return found.toSorted((left, right) => Number(!folded(left.label).startsWith(wanted)) - Number(!folded(right.label).startsWith(wanted)));
}
