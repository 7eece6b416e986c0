import type { Picture } from "./take.ts";

/** A page of all pictures: a row a page, in the order in which they were taken. */
export function index(pictures: readonly Picture[]): string {
  const sections = [...Map.groupBy(pictures, ({ name }) => name)].map(
    ([name, group]) => `<h2>${name}</h2>\n<div>${group.map(figure).join("\n")}</div>`,
  );
  return `<!doctype html>
<meta charset="utf-8">
<title>Millrace console, page by page</title>
<style>
  body { font: 15px system-ui; margin: 2rem; }
  div { display: flex; flex-wrap: wrap; gap: 1rem; align-items: flex-start; }
  figure { margin: 0; }
  img { width: 20rem; border: 1px solid #8888; }
  img.narrow { width: 10rem; }
</style>
${sections.join("\n")}
`;
}

function figure({ file, width, theme, language }: Picture): string {
  const text = `${width} px, ${theme}, ${language}`;
  return `<figure><a href="${file}"><img loading="lazy" src="${file}" alt="${text}"${width === 375 ? ' class="narrow"' : ""}></a><figcaption>${text}</figcaption></figure>`;
}
