import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { type NodeTrace, valueQuery } from "#api/runs.ts";
import { conversationOf, type Message } from "#pages/run/conversation.ts";
import { useText } from "#pages/run/text.ts";
import { useSharedLink } from "#parts/shared-link.ts";
import { classes } from "#ui/classes.ts";
import { JsonView } from "#ui/json-view.tsx";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";

interface GivenProps {
  readonly run: string;
  readonly trace: NodeTrace;
}

/** What the node was given. */
export function Given({ run, trace }: GivenProps) {
  const t = useText();
  return (
    <OnDemand run={run} trace={trace} title={t("node.given")}>
      {(given) => <JsonView value={given} label={`${trace.nodeId} ${t("node.given")}`} />}
    </OnDemand>
  );
}

/** The same of a node that asks a model, as what was said, with the model's answer. */
export function Messages({ run, trace }: GivenProps) {
  const t = useText();
  return (
    <OnDemand run={run} trace={trace} title={t("node.messages")}>
      {(given) => (
        <ol className="flex flex-col gap-2">
          {conversationOf(given, trace.output).map((message, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: what was said has no other name than its place
            <Said key={index} message={message} label={`${trace.nodeId} ${t("node.messages")} ${index + 1}`} />
          ))}
        </ol>
      )}
    </OnDemand>
  );
}

function Said({ message: { role, what, name, value }, label }: { message: Message; label: string }) {
  const t = useText();
  return (
    <li className={classes("flex flex-col gap-1 border-s-2 ps-2.5", role === "assistant" ? "border-accent" : "border-line-strong")}>
      <span className="text-sm text-quiet">
        {t(`said.${role}`)}
        {what !== undefined && ` · ${t(`said.${what}`)}`} {name !== undefined && <code>{name}</code>}
      </span>
      <JsonView value={value} label={label} />
    </li>
  );
}

interface OnDemandProps extends GivenProps {
  readonly title: string;
  readonly children: (given: unknown) => ReactNode;
}

/** The node's input may be long: it is asked for when somebody opens this. */
function OnDemand({ run, trace, title, children }: OnDemandProps) {
  const [open, setOpen] = useState(false);
  const link = useSharedLink();
  const { data, error } = useQuery({ ...valueQuery(run, trace.inputValue ?? "", link), enabled: open, retry: false });
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="cursor-pointer text-sm font-medium touch-target">{title}</summary>
      <div className="mt-1.5">
        {open && data !== undefined && children(data)}
        {open && error && <ErrorNotice error={error} />}
        {open && data === undefined && !error && <Skeleton rows={2} />}
      </div>
    </details>
  );
}
