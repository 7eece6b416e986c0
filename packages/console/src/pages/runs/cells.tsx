import { EyeOff, ListFilter } from "lucide-react";
import type { ReactNode } from "react";
import type { RunHeader } from "#api/runs.ts";
import { type RunsSearch, without } from "#pages/runs/search.ts";
import { useText } from "#pages/runs/text.ts";
import { MenuAt } from "#ui/menu.tsx";

/** A value in the list, and what the list is when it has only runs with it, or none. */
export interface Cell {
  readonly label: string;
  readonly only: RunsSearch;
  readonly name: Parameters<typeof without>[1];
  readonly value: string;
}

/** A cell whose menu is open. */
export interface ChosenCell extends Cell {
  readonly anchor: HTMLElement;
}

/** By what the status cell says: a cancelled run is FAILED with that error. */
export function statusCell({ status, errorType }: RunHeader, label: string): Cell {
  if (status === "FAILED" && errorType === "cancelled")
    return { label, only: { status, error: errorType }, name: "error", value: errorType };
  return { label, only: { status: status as RunsSearch["status"] }, name: "status", value: status };
}

interface CellButtonProps {
  readonly cell: Cell;
  readonly onChoose: (cell: ChosenCell) => void;
  readonly children?: ReactNode;
}

/** The value; pressed, it asks whether only runs with it are wanted, or none of them. */
export function CellButton({ cell, onChoose, children = cell.label }: CellButtonProps) {
  return (
    <button
      type="button"
      aria-haspopup="menu"
      onClick={({ currentTarget }) => onChoose({ ...cell, anchor: currentTarget })}
      className="max-w-full truncate align-bottom hover:text-accent hover:underline"
    >
      {children}
    </button>
  );
}

interface CellMenuProps {
  readonly cell: ChosenCell;
  readonly onChange: (change: (search: RunsSearch) => RunsSearch) => void;
  readonly onClose: () => void;
}

/** One menu for all cells: a list has hundreds of them. */
export function CellMenu({ cell: { anchor, label, only, name, value }, onChange, onClose }: CellMenuProps) {
  const t = useText();
  return (
    <MenuAt
      anchor={anchor}
      onClose={onClose}
      items={[
        {
          key: "only",
          icon: ListFilter,
          label: t("cell.only", { value: label }),
          onSelect: () => onChange((search) => ({ ...search, ...only })),
        },
        {
          key: "without",
          icon: EyeOff,
          label: t("cell.without", { value: label }),
          onSelect: () => onChange((search) => without(search, name, value)),
        },
      ]}
    />
  );
}
