import { createContext, type ReactNode, useContext, useState } from "react";
import type { ApiDocument, Schema } from "#api/openapi.ts";
import { alternativesOf, boundsOf, type Property, propertiesOf, resolve, typeOf } from "#pages/reference/document.ts";
import { useText } from "#pages/reference/text.ts";
import { Prose } from "#ui/prose.tsx";

/** The document that the references of schemas lead into. */
export const ReferenceDocument = createContext<ApiDocument | null>(null);

export function useDocument(): ApiDocument {
  const document = useContext(ReferenceDocument);
  if (!document) throw new Error("a schema is shown outside of its document");
  return document;
}

/** The members of what a schema describes. What lies deeper is drawn when somebody opens it: schemas may hold themselves. */
export function SchemaView({ schema }: { schema: Schema }) {
  const document = useDocument();
  const alternatives = alternativesOf(document, schema);
  const properties = propertiesOf(document, schema);
  const [only, ...others] = alternatives;
  // Something, or null.
  if (only && others.length === 0 && properties.length === 0) return <SchemaView schema={only.schema} />;
  return (
    <div className="flex flex-col gap-2">
      {properties.length > 0 && (
        <ul className="flex flex-col divide-y divide-line">
          {properties.map((property) => (
            <Member key={property.name} {...property} />
          ))}
        </ul>
      )}
      {alternatives.map(({ name, schema: one }) => (
        <Opening key={name} title={<code>{name}</code>}>
          <SchemaView schema={one} />
        </Opening>
      ))}
    </div>
  );
}

interface MemberProps extends Property {
  /** Takes the place of the schema's own. */
  readonly description?: string | undefined;
  /** Where a parameter stands. */
  readonly place?: string;
}

export function Member({ name, schema, required, description, place }: MemberProps) {
  const t = useText();
  const document = useDocument();
  const resolved = resolve(document, schema);
  const text = description ?? resolved["description"];
  const isDeeper = propertiesOf(document, schema).length > 0 || alternativesOf(document, schema).length > 0;
  return (
    <li className="flex flex-col gap-1 py-2">
      <p className="flex flex-wrap items-baseline gap-x-2.5 gap-y-0.5">
        <code className="font-semibold [overflow-wrap:anywhere]">{name}</code>
        <code className="text-sm text-quiet [overflow-wrap:anywhere]">{typeOf(document, schema)}</code>
        {place && <span className="text-xs text-quiet">{place}</span>}
        {required && <span className="text-xs text-wait">{t("required")}</span>}
        {boundsOf(document, schema).map((bound) => (
          <code key={bound} className="text-xs text-quiet [overflow-wrap:anywhere]">
            {bound}
          </code>
        ))}
      </p>
      {typeof text === "string" && (
        <div className="text-sm text-quiet">
          <Prose text={text} />
        </div>
      )}
      {isDeeper && (
        <Opening title={t("members")}>
          <SchemaView schema={schema} />
        </Opening>
      )}
    </li>
  );
}

/** Its content is made when it is opened first. */
export function Opening({ title, children }: { title: ReactNode; children: ReactNode }) {
  const [opened, setOpened] = useState(false);
  return (
    <details className="rounded-md border border-line" onToggle={(event) => event.currentTarget.open && setOpened(true)}>
      <summary className="cursor-pointer px-3 py-1.5 text-sm max-sm:py-3">{title}</summary>
      {opened && <div className="border-t border-line px-3 py-2">{children}</div>}
    </details>
  );
}
