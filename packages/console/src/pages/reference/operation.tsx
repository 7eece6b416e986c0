import { type ReactNode, useState } from "react";
import type { Answer, Body } from "#api/openapi.ts";
import { exampleOf, type Route, resolve } from "#pages/reference/document.ts";
import { Member, Opening, SchemaView, useDocument } from "#pages/reference/schema-view.tsx";
import { useText } from "#pages/reference/text.ts";
import { classes } from "#ui/classes.ts";
import { CopyButton } from "#ui/copy.tsx";
import { JsonView } from "#ui/json-view.tsx";
import { Prose } from "#ui/prose.tsx";

const COLOURS: Readonly<Record<string, string>> = { GET: "text-good", POST: "text-busy", DELETE: "text-bad" };

/** One route: a line, and when it is opened all that a caller needs to know of it. */
export function OperationView({ route: { method, path, operation }, isOpen }: { route: Route; isOpen: boolean }) {
  const [opened, setOpened] = useState(isOpen);
  return (
    <details
      id={operation.operationId}
      open={opened}
      onToggle={(event) => setOpened(event.currentTarget.open)}
      className="scroll-mt-4 rounded-lg border border-line bg-surface"
    >
      <summary className="flex cursor-pointer flex-wrap items-baseline gap-x-3 gap-y-0.5 px-4 py-2.5 hover:bg-raised">
        <code className={classes("w-14 shrink-0 text-sm font-semibold", COLOURS[method] ?? "text-wait")}>{method}</code>
        <code className="min-w-0 font-medium [overflow-wrap:anywhere]">{path}</code>
        <span className="min-w-0 text-quiet">{operation.summary}</span>
      </summary>
      {opened && <Details route={{ method, path, operation }} />}
    </details>
  );
}

function Details({ route: { path, operation } }: { route: Route }) {
  const t = useText();
  const { description, parameters = [], requestBody, responses } = operation;
  return (
    <div className="flex flex-col gap-5 border-t border-line p-4">
      {description && <Prose text={description} />}
      <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-quiet">
        {operation["x-scope"] && <span>{t.rich("scope", { scope: <code>{operation["x-scope"]}</code> })}</span>}
        {operation["x-permission"] && <span>{t.rich("permission", { permission: <code>{operation["x-permission"]}</code> })}</span>}
        <span className="inline-flex items-center gap-1">
          <code>{operation.operationId}</code>
          <CopyButton text={`${location.origin}${path}`} label={t("copy")} />
        </span>
      </p>
      {parameters.length > 0 && (
        <Section title={t("parameters")}>
          <ul className="flex flex-col divide-y divide-line">
            {parameters.map((parameter) => (
              <Member key={`${parameter.in} ${parameter.name}`} {...parameter} place={t(`place.${parameter.in}`)} />
            ))}
          </ul>
        </Section>
      )}
      {requestBody && (
        <Section title={t("body")}>
          <BodyView body={requestBody} />
        </Section>
      )}
      <Section title={t("answers")}>
        {Object.entries(responses).map(([status, answer]) => (
          <AnswerView key={status} status={status} answer={answer as Answer} />
        ))}
      </Section>
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-2">
      <h3 className="font-semibold">{title}</h3>
      {children}
    </section>
  );
}

function AnswerView({ status, answer }: { status: string; answer: Answer }) {
  const document = useDocument();
  const resolved = resolve(document, answer);
  const title = (
    <>
      <code className={status.startsWith("2") ? "text-good" : "text-bad"}>{status}</code>{" "}
      <span className="whitespace-pre-line">{resolved.description}</span>
    </>
  );
  if (Object.keys(resolved.content ?? {}).length === 0) return <p className="px-3 text-sm">{title}</p>;
  return (
    <Opening title={title}>
      <BodyView body={resolved} />
    </Opening>
  );
}

function BodyView({ body }: { body: Body }) {
  const t = useText();
  const document = useDocument();
  const [[type, { schema = {}, examples }] = ["", {}]] = Object.entries(body.content ?? {});
  const example = exampleOf(document, examples);
  return (
    <div className="flex flex-col gap-2">
      <code className="text-xs text-quiet">{type}</code>
      <SchemaView schema={schema} />
      {example !== undefined && <JsonView value={example} label={t("example")} />}
    </div>
  );
}
