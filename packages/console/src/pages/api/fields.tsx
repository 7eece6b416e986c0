import { isJsonObject, type JsonObject } from "@millrace/contract";
import { parametersOf } from "#input/parameters.ts";
import { Limits } from "#pages/api/limits.tsx";
import { useText } from "#pages/api/text.ts";
import { Card } from "#ui/page.tsx";

interface FieldsProps {
  readonly workflow: string;
  readonly schema: JsonObject;
  readonly output: readonly string[];
}

/** What a workflow takes, what it answers, and how often it may be called. */
export function Fields({ workflow, schema, output }: FieldsProps) {
  const t = useText();
  const parameters = parametersOf(schema);
  return (
    <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-2 2xl:grid-cols-4">
      <Card title={t("request")}>
        <p className="mb-3 text-sm text-quiet">{t("request.text")}</p>
        {parameters.length === 0 && <p>{t("request.none")}</p>}
        <dl className="flex flex-col gap-2.5">
          {parameters.map(({ name, description, required }) => (
            <div key={name}>
              <dt className="flex flex-wrap items-baseline gap-x-2">
                <code className="min-w-0 font-medium [overflow-wrap:anywhere]">{name}</code>
                <span className="text-sm text-quiet">{typeOf(schema, name)}</span>
                {required && <span className="text-sm text-wait">{t("required")}</span>}
              </dt>
              {description !== null && <dd className="text-sm text-quiet">{description}</dd>}
            </div>
          ))}
        </dl>
      </Card>
      <Card title={t("response")}>
        <p className="mb-3 text-sm text-quiet">{t("response.text")}</p>
        <ul className="flex flex-col gap-1">
          {output.map((name) => (
            <li key={name}>
              <code className="font-medium">{name}</code>
            </li>
          ))}
        </ul>
      </Card>
      <Card title={t("errors")}>
        <p className="mb-3 text-sm text-quiet">{t("errors.text")}</p>
        <ul className="flex flex-col gap-1.5">
          {ERRORS.map(([status, type]) => (
            <li key={type}>
              <span className="inline-block w-10 text-quiet">{status}</span>
              <a className="text-accent underline-offset-2 hover:underline" href={`/errors/${type}`}>
                <code>{type}</code>
              </a>
            </li>
          ))}
        </ul>
      </Card>
      <Limits workflow={workflow} />
    </div>
  );
}

/** Those that a caller of any workflow may meet. */
const ERRORS = [
  ["400", "invalid_json"],
  ["400", "invalid_input"],
  ["401", "unauthorized"],
  ["402", "out_of_credits"],
  ["403", "scope"],
  ["404", "not_found"],
  ["422", "idempotency_mismatch"],
  ["429", "rate_limited"],
  ["503", "overloaded"],
] as const;

function typeOf(schema: JsonObject, name: string): string {
  const properties = schema["properties"];
  const property = isJsonObject(properties) ? properties[name] : null;
  if (!isJsonObject(property)) return "";
  const { type, enum: choices } = property;
  return Array.isArray(choices) ? choices.map((choice) => JSON.stringify(choice)).join(" | ") : [type].flat().join(" | ");
}
