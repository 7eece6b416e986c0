import { useQueryClient } from "@tanstack/react-query";
import { type ValuePreview, valuePath, valueQuery } from "#api/runs.ts";
import { useSharedLink } from "#parts/shared-link.ts";
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
  const queries = useQueryClient();
  const link = useSharedLink();
  if (!preview) return <JsonView value={value} label={label} />;
  return (
    <LongJsonView
      text={preview.text}
      label={label}
      bytes={preview.bytes}
      load={() => queries.fetchQuery(valueQuery(run, preview.value, link))}
      href={`${valuePath(run, preview.value, link)}?download=true`}
    />
  );
}
