import {
  type ComponentProps,
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from "react";
import { classes } from "#ui/classes.ts";

/** Shared by every control that text goes into. */
const INPUT_CLASS =
  "rounded-md border border-line-strong bg-surface px-2.5 text-text placeholder:text-quiet hover:border-quiet focus-visible:outline-2 focus-visible:outline-accent focus-visible:-outline-offset-1 aria-invalid:border-bad disabled:opacity-60";

interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  /** What is wrong with the value, and how to mend it. */
  readonly error?: ReactNode;
  readonly required?: boolean;
  /** Gets the attributes that tie a control to its label, hint and error. */
  readonly children: (control: FieldControl) => ReactNode;
}

export interface FieldControl {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": true | undefined;
  readonly "aria-required": true | undefined;
}

export function Field({ label, hint, error, required = false, children }: FieldProps) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  const control: FieldControl = {
    id,
    "aria-describedby": described === "" ? undefined : described,
    "aria-invalid": error ? true : undefined,
    "aria-required": required || undefined,
  };
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
        {required && (
          <span className="text-quiet" aria-hidden="true">
            {" *"}
          </span>
        )}
      </label>
      {children(control)}
      {hint && (
        <p id={`${id}-hint`} className="text-xs text-quiet">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="text-xs text-bad">
          {error}
        </p>
      )}
    </div>
  );
}

/** A class of one's own takes the place of the width. */
export function TextInput({ className = "w-full", ...rest }: ComponentProps<"input">) {
  return <input type="text" autoComplete="off" {...rest} className={classes(INPUT_CLASS, "h-8 touch-target", className)} />;
}

export function TextArea({ className = "w-full", ...rest }: TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return <textarea rows={4} {...rest} className={classes(INPUT_CLASS, "py-1.5 leading-5 resize-y", className)} />;
}

/** The browser's own list: right on phones, by keyboard and for screen readers. */
export function Select({ className = "w-full", children, ...rest }: SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <select {...rest} className={classes(INPUT_CLASS, "h-8 pe-2 text-ellipsis touch-target", className)}>
      {children}
    </select>
  );
}

/**
 * Of a control that filters: as wide as its words, which are not cut; on a phone half of the page at least, and all of it at most.
 * It may not shrink: a list of the browser's own would, below its words.
 */
export const FILTER_WIDTH = "w-auto max-w-52 max-sm:max-w-[calc(100vw-2rem)] max-sm:min-w-[calc(50%-0.25rem)]! max-sm:shrink-0 max-sm:grow";

interface FilterSelectProps<Name extends string> {
  readonly label: string;
  /** Of the choice that keeps all. */
  readonly all: string;
  readonly choices: readonly Name[];
  readonly nameOf: (choice: Name) => string;
  /** null: all are kept. */
  readonly value: Name | null;
  readonly onChange: (value: Name | null) => void;
}

/** Keeps the rows of a list that are of one kind, or all. */
export function FilterSelect<Name extends string>({ label, all, choices, nameOf, value, onChange }: FilterSelectProps<Name>) {
  return (
    <Select
      className={FILTER_WIDTH}
      aria-label={label}
      value={value ?? ""}
      onChange={(event) => onChange(choices.find((one) => one === event.target.value) ?? null)}
    >
      <option value="">{all}</option>
      {choices.map((one) => (
        <option key={one} value={one}>
          {nameOf(one)}
        </option>
      ))}
    </Select>
  );
}

interface CheckProps extends InputHTMLAttributes<HTMLInputElement> {
  readonly label: ReactNode;
}

export function Check({ label, className, ...rest }: CheckProps) {
  return (
    <label className={classes("inline-flex items-center gap-2 touch-target", className)}>
      <input type="checkbox" {...rest} className="size-4 shrink-0 accent-accent" />
      <span className="min-w-0 [overflow-wrap:anywhere]">{label}</span>
    </label>
  );
}
