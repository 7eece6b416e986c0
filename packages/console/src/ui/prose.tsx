import type { ReactNode } from "react";
import { CodeBlock } from "#ui/copy.tsx";
import { type Block, type Line, parseMarkdown, type Span } from "#ui/markdown.ts";

/** Markdown as elements: no markup is ever made of a text. */
export function Prose({ text }: { text: string }) {
  return (
    <article className="flex max-w-prose flex-col gap-3 leading-6 [overflow-wrap:anywhere]">
      {parseMarkdown(text).map((block, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a text does not change its blocks while it is shown
        <BlockView key={n} block={block} />
      ))}
    </article>
  );
}

function BlockView({ block }: { block: Block }) {
  switch (block.kind) {
    case "heading":
      return block.level === 1 ? (
        <h1 className="text-2xl leading-tight font-semibold">{inline(block.line)}</h1>
      ) : (
        <h2 className="mt-3 text-lg font-semibold">{inline(block.line)}</h2>
      );
    case "paragraph":
      return <p>{inline(block.line)}</p>;
    case "list":
      return (
        <ul className="flex list-disc flex-col gap-1 ps-5">
          {keyed(block.items, (item) => (
            <li>{inline(item)}</li>
          ))}
        </ul>
      );
    case "code":
      return <CodeBlock text={block.text} />;
    case "table":
      return <TableView head={block.head} rows={block.rows} />;
  }
}

function TableView({ head, rows }: { head: readonly Line[]; rows: readonly (readonly Line[])[] }) {
  return (
    <div className="overflow-x-auto">
      <table className="w-full border-collapse text-start">
        <thead>
          <tr>
            {keyed(head, (cell) => (
              <th scope="col" className="border-b border-line px-2 py-1.5 text-start font-medium text-quiet [&:lang(zh)]:break-keep">
                {inline(cell)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {keyed(rows, (row) => (
            <tr>
              {keyed(row, (cell) => (
                <td className="border-b border-line px-2 py-1.5 align-top [overflow-wrap:break-word] [&:first-child:lang(zh)]:break-keep">
                  {inline(cell)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function inline(line: Line): ReactNode {
  return keyed(line, (span) => <SpanView span={span} />);
}

function SpanView({ span }: { span: Span }) {
  switch (span.style) {
    case "text":
      return span.text;
    case "code":
      return <code className="rounded-sm bg-raised px-1 py-px font-mono text-sm">{span.text}</code>;
    case "strong":
      return <strong>{span.text}</strong>;
    case "em":
      return <em>{span.text}</em>;
    case "link":
      return isWeb(span.href) ? (
        <a href={span.href} rel="noreferrer" className="text-accent underline">
          {span.text}
        </a>
      ) : (
        span.text
      );
  }
}

/** Only web addresses and pages of this server become links. */
function isWeb(href: string): boolean {
  return /^(https?:\/\/|\/(?![/\\]))/.test(href);
}

/** Elements for parts that have no name but their place, and do not move. */
function keyed<Part>(parts: readonly Part[], view: (part: Part) => ReactNode): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: see above
  return parts.map((part, n) => <Keyed key={n}>{view(part)}</Keyed>);
}

function Keyed({ children }: { children: ReactNode }) {
  return children;
}
