import type { ReactNode } from "react";

/** Names and values, two columns; what is null is left out. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: ReactNode] | null)[] }) {
  return (
    <dl className="grid grid-cols-[max-content_1fr] gap-x-6 gap-y-1.5 max-sm:grid-cols-1 max-sm:gap-y-0">
      {facts.map((fact) =>
        fact === null ? null : (
          <div key={fact[0]} className="contents">
            <dt className="text-quiet max-sm:mt-2 max-sm:text-sm">{fact[0]}</dt>
            <dd className="min-w-0 [overflow-wrap:anywhere]">{fact[1]}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
