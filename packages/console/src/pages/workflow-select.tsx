import { useQuery } from "@tanstack/react-query";
import type { SelectHTMLAttributes } from "react";
import { workflowsQuery } from "#api/workflows.ts";
import { Select } from "#ui/field.tsx";

interface WorkflowSelectProps extends SelectHTMLAttributes<HTMLSelectElement> {
  /** The choice of none of them; absent: one must be chosen. */
  readonly none?: string;
}

/** One of the workflows, by id. */
export function WorkflowSelect({ none, ...rest }: WorkflowSelectProps) {
  const { data: workflows = [] } = useQuery(workflowsQuery);
  return (
    <Select {...rest}>
      {none === undefined ? <option value="" disabled hidden /> : <option value="">{none}</option>}
      {workflows.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </Select>
  );
}
