import { Menu as Base } from "@base-ui/react/menu";
import type { Permission } from "@millrace/contract";
import { Check, type LucideIcon } from "lucide-react";
import type { ReactElement } from "react";
import { classes } from "#ui/classes.ts";
import { useRefusal } from "#ui/permission.tsx";

export interface MenuItem {
  readonly key: string;
  readonly label: string;
  readonly icon?: LucideIcon;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly needs?: Exclude<Permission, "view">;
  /** Of several to choose from, the one that is chosen. */
  readonly checked?: boolean;
  /** Of what is switched on and off, each for itself: the menu stays open. */
  readonly on?: boolean;
  readonly onSelect: () => void;
}

interface MenuProps {
  /** A button; the menu opens at it. */
  readonly trigger: ReactElement<Record<string, unknown>>;
  /** A null draws a line. */
  readonly items: readonly (MenuItem | null)[];
}

const POPUP = "min-w-44 rounded-md border border-line bg-surface py-1 shadow-lg outline-none";

export function Menu({ trigger, items }: MenuProps) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={4} align="end" className="z-50 outline-none">
          <Base.Popup className={POPUP}>
            {items.map((item, index) =>
              item === null ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: a line has no other name than its place
                <Base.Separator key={`line-${index}`} className="my-1 border-t border-line" />
              ) : (
                <Item key={item.key} item={item} />
              ),
            )}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

interface MenuAtProps {
  /** What the menu is about: it opens there, and the focus goes back to it. */
  readonly anchor: HTMLElement;
  readonly items: readonly MenuItem[];
  readonly onClose: () => void;
}

/** A menu that is open, for lists whose every cell would have one. */
export function MenuAt({ anchor, items, onClose }: MenuAtProps) {
  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Positioner anchor={anchor} sideOffset={4} align="start" className="z-50 outline-none">
          <Base.Popup finalFocus={() => anchor} className={POPUP}>
            {items.map((item) => (
              <Item key={item.key} item={item} />
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

const ITEM =
  "flex cursor-default items-center gap-2 px-3 py-1.5 touch-target outline-none data-highlighted:bg-raised data-disabled:opacity-50";

function Item({ item }: { item: MenuItem }) {
  const { label, icon: Icon, danger = false, checked = false, on, onSelect } = item;
  const refusal = useRefusal(item.needs);
  const disabled = item.disabled || refusal !== null;
  const content = (
    <>
      {Icon && <Icon size={15} aria-hidden="true" />}
      <span className="grow">{label}</span>
      {(checked || on) && <Check size={15} aria-hidden="true" className="text-accent" />}
    </>
  );
  if (on !== undefined) {
    return (
      <Base.CheckboxItem checked={on} disabled={disabled} title={refusal ?? undefined} onCheckedChange={onSelect} className={ITEM}>
        {content}
      </Base.CheckboxItem>
    );
  }
  return (
    <Base.Item
      disabled={disabled}
      title={refusal ?? undefined}
      onClick={onSelect}
      aria-current={checked || undefined}
      className={classes(ITEM, danger && "text-bad")}
    >
      {content}
    </Base.Item>
  );
}
