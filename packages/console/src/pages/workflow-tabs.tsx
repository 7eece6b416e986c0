import { Link } from "@tanstack/react-router";
import { path } from "#api/client.ts";
import { useText } from "#app/text.ts";

const PARTS = ["edit", "api", "versions"] as const;

/** From one page of a workflow to the others. */
export function WorkflowTabs({ workflow }: { workflow: string }) {
  const t = useText();
  return (
    <nav aria-label={t("workflow.parts")} className="-mt-2 flex gap-1 overflow-x-auto border-b border-line">
      {PARTS.map((part) => (
        <Link
          key={part}
          to={path("workflows", workflow, part)}
          className="border-b-2 border-transparent px-3 py-2 whitespace-nowrap text-quiet hover:text-text aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-text"
        >
          {t(`workflow.${part}`)}
        </Link>
      ))}
    </nav>
  );
}
