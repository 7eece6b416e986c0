import type { TestAlertAnswer } from "@millrace/contract";
import { useText } from "#pages/alerts/text.ts";
import { useFormat } from "#text/format.ts";

/** What the receiver said to a test. */
export function TestResult({ answer: { delivered, response, error, durationMs } }: { answer: TestAlertAnswer }) {
  const t = useText();
  const format = useFormat();
  return (
    <div role="status" className={delivered ? "rounded-md bg-good-soft px-3 py-2" : "rounded-md bg-bad-soft px-3 py-2"}>
      <p className="font-medium">
        {t(delivered ? "test.delivered" : "test.refused")}
        {response && ` · ${response.status}`}
        {` · ${format.duration(durationMs)}`}
      </p>
      {error && (
        <p className="[overflow-wrap:anywhere]">
          <code>{error.type}</code>: {error.message}
        </p>
      )}
      {error?.type === "egress_denied" && (
        <p className="mt-1 text-sm">{t.rich("egress.hint", { variable: <code>MILLRACE_EGRESS_ALLOW</code> })}</p>
      )}
    </div>
  );
}
