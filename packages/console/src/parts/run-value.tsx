import { getValue, type ValuePreview, valuePath } from "#api/runs.ts";
import { JsonView, LongJsonView } from "#ui/json-view.tsx";

interface RunValueProps {
  readonly run: string;
  /** Absent where there is a preview. */
  readonly value: unknown;
  readonly preview: ValuePreview | undefined;
  readonly label: string;
}

/** A value of a run as `runQuery` has it: whole, or the beginning of a long one. */
export function RunValue({ run, value, preview, label }: RunValueProps) {
  if (!preview) return <JsonView value={value} label={label} />;
  return (
    <LongJsonView
      text={preview.text}
      label={label}
      bytes={preview.bytes}
      load={() => getValue(run, preview.value)}
      href={`${valuePath(run, preview.value)}?download=true`}
    />
  );
}
