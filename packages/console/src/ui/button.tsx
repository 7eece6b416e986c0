import type { Permission } from "@millrace/contract";
import type { LucideIcon } from "lucide-react";
import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import { classes } from "#ui/classes.ts";
import { useRefusal } from "#ui/permission.tsx";

export type ButtonKind = "primary" | "plain" | "quiet" | "danger";

const BASE =
  "inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap select-none touch-target transition-colors disabled:opacity-50 disabled:pointer-events-none aria-disabled:cursor-default aria-disabled:opacity-50";

const KINDS: Readonly<Record<ButtonKind, string>> = {
  primary: "bg-accent text-on-accent hover:brightness-110",
  plain: "bg-surface text-text border border-line hover:bg-raised",
  quiet: "text-quiet hover:text-text hover:bg-raised",
  danger: "bg-surface text-bad border border-line hover:bg-bad-soft",
};

/** For what looks like a button and is another element: a link, a trigger. */
export function buttonClass(kind: ButtonKind = "plain", size: "small" | "normal" = "normal"): string {
  return classes(BASE, KINDS[kind], size === "small" ? "h-7 px-2 text-sm" : "h-8 px-3 text-base");
}

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly kind?: ButtonKind;
  readonly size?: "small" | "normal";
  readonly icon?: LucideIcon;
  /** What it does asks for this permission: whoever has not got it is told so by the button, and not by the server. */
  readonly needs?: Exclude<Permission, "view">;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function Button({ kind = "plain", size = "normal", icon: Icon, needs, children, className, ...rest }: ButtonProps) {
  const refusal = useRefusal(needs);
  return (
    <button type="button" {...rest} {...refused(refusal)} className={classes(buttonClass(kind, size), className)}>
      {Icon && <Icon size={15} aria-hidden="true" />}
      {children}
    </button>
  );
}

/** It can still be reached, so that the reason is found by mouse, by keyboard and by a screen reader. */
function refused(refusal: string | null) {
  return refusal !== null && { "aria-disabled": true, title: refusal, type: "button" as const, onClick: undefined };
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** What it does: its name for screen readers and its tooltip. */
  readonly label: string;
  readonly icon: LucideIcon;
  readonly size?: "small" | "normal";
  readonly needs?: Exclude<Permission, "view">;
  readonly ref?: Ref<HTMLButtonElement>;
  readonly children?: ReactNode;
}

export function IconButton({ label, icon: Icon, size = "normal", needs, className, children, ...rest }: IconButtonProps) {
  const refusal = useRefusal(needs);
  const box = size === "small" ? "h-7 min-w-7" : "h-8 min-w-8";
  return (
    <button
      type="button"
      title={label}
      aria-label={label}
      {...rest}
      {...refused(refusal)}
      className={classes(BASE, KINDS.quiet, box, "px-1", className)}
    >
      <Icon size={16} aria-hidden="true" />
      {children}
    </button>
  );
}
