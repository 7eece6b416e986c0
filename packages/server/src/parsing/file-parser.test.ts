import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { deflateSync } from "node:zlib";
import { ServerFileParser } from "#parsing/file-parser";
import { MAX_CELLS, MAX_DEPTH, MAX_INFLATED_BYTES, MAX_ZIP_ENTRIES, PARSES_AT_ONCE, PARSES_WAITING } from "#parsing/limits";
import { docxFile, paragraph, pdfFile, pdfOf, pptxFile, xlsxFile } from "#parsing/testing/office-files";
import { zipArchive, zipOf } from "#parsing/testing/zip-archive";

const parser = new ServerFileParser();
const parse = (name: string, content: string | Uint8Array, form: "markdown" | "text" = "markdown") =>
  parser.parse({ name, mediaType: null, content: Buffer.from(content), form, timeoutMs: null });
const refusal = async (name: string, content: string | Uint8Array): Promise<string> => {
  const error = await parse(name, content).then(
    () => assert.fail(`${name} was read`),
    (thrown: unknown) => thrown as { type: string; message: string },
  );
  assert.equal(error.type, "file_error", error.message);
  return error.message;
};

describe("what files say", () => {
  test("plain text, in the encodings that files have", async () => {
    assert.equal((await parse("a.txt", "one\r\ntwo\r\n\r\nthree")).text, "one\ntwo\n\nthree");
    assert.equal((await parse("a.txt", Buffer.from("\ufeff高", "utf16le"))).text, "高");
    // GB 18030, as old Chinese files are.
    assert.equal((await parse("a.txt", Buffer.from([0xc4, 0xe3, 0xba, 0xc3]))).text, "你好");
  });

  test("Markdown keeps its structure, or loses its marks", async () => {
    const source = "# Tides\n\nHigh at **noon**.\nLow at six.\n\n- one\n  - two\n\n| a | b |\n|---|---|\n| 1 | x \\| y |\n\n```\ncode\n```";
    const { text, tables } = await parse("a.md", source);
    assert.equal(
      text,
      "# Tides\n\nHigh at **noon**.\nLow at six.\n\n- one\n  - two\n\n| a | b |\n| --- | --- |\n| 1 | x \\| y |\n\n```\ncode\n```",
    );
    assert.deepEqual(tables, [
      {
        name: null,
        rows: [
          ["a", "b"],
          ["1", "x | y"],
        ],
      },
    ]);
    assert.match((await parse("a.md", source, "text")).text, /^Tides\n\nHigh/);
  });

  test("HTML as people see it", async () => {
    const page = `<html><head><title>no</title></head><body><script>no()</script><h2>Fees &amp; dates</h2><p>Pay   by<br>Friday</p>
      <ul><li>cash<li>card</ul><table><tr><th>who</th><th>fee</th></tr><tr><td>adults</td><td>5</td></tr></table><pre>a\n  b</pre></body></html>`;
    const { text } = await parse("a.html", page);
    assert.equal(
      text,
      "## Fees & dates\n\nPay by\n\nFriday\n\n- cash\n- card\n\n| who | fee |\n| --- | --- |\n| adults | 5 |\n\n```\na\n  b\n```",
    );
  });

  test("CSV with quotes, line breaks in cells, and the separator that it has", async () => {
    assert.deepEqual((await parse("a.csv", 'name;note\n"Ada; L.";"two\nlines ""x"""\n')).tables, [
      {
        name: null,
        rows: [
          ["name", "note"],
          ["Ada; L.", 'two\nlines "x"'],
        ],
      },
    ]);
    assert.equal((await parse("a.csv", "a,b\n1,2")).text, "| a | b |\n| --- | --- |\n| 1 | 2 |");
  });

  test("Word: headings by style, lists, tables; deleted text is gone", async () => {
    const styles = '<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>';
    const table = `<w:tbl><w:tr><w:tc>${paragraph("a")}</w:tc><w:tc>${paragraph("b")}</w:tc></w:tr></w:tbl>`;
    const body = [
      paragraph("Title", '<w:pStyle w:val="berschrift1"/>'),
      paragraph("Some &lt;text&gt;"),
      paragraph("item", '<w:numPr><w:ilvl w:val="1"/><w:numId w:val="3"/></w:numPr>'),
      "<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>",
      table,
    ];
    assert.equal(
      (await parse("a.docx", docxFile(body.join(""), styles))).text,
      "# Title\n\nSome <text>\n\n  - item\n\n| a | b |\n| --- | --- |",
    );
  });

  test("Excel: sheets in order, shared and own texts, dates, results of formulas, gaps", async () => {
    const styles =
      '<numFmts><numFmt numFmtId="170" formatCode="yyyy\\-mm"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/></cellXfs>';
    const rows =
      '<row><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>own</t></is></c></row>' +
      '<row><c r="A2" s="1"><v>45292</v></c><c r="B2" s="2"><v>45292.5</v></c><c r="C2"><f>1+1</f><v>2</v></c><c r="D2" t="b"><v>1</v></c></row>';
    const shared = ["<si><r><t>東</t></r><r><t>京</t></r><rPh><t>とうきょう</t></rPh></si>"];
    const { pages, tables } = await parse("a.xlsx", xlsxFile({ First: rows, Second: '<row><c r="A1"><v>7</v></c></row>' }, shared, styles));
    assert.deepEqual(tables, [
      {
        name: "First",
        rows: [
          ["東京", "", "own"],
          ["2024-01-01", "2024-01-01 12:00:00", "2", "TRUE"],
        ],
      },
      { name: "Second", rows: [["7"]] },
    ]);
    assert.equal(pages.length, 2);
  });

  test("PowerPoint: slides in the order of the presentation, titles and tables", async () => {
    const shape = (text: string, ph = "", lvl = "") =>
      `<p:sp><p:nvPr>${ph}</p:nvPr><a:p><a:pPr ${lvl}/><a:r><a:t>${text}</a:t></a:r></a:p></p:sp>`;
    const slides = [shape("Plan", '<p:ph type="title"/>') + shape("first") + shape("below", "", 'lvl="1"'), shape("last")];
    assert.deepEqual((await parse("a.pptx", pptxFile(...slides))).pages, ["## Plan\n\nfirst\n\n  - below", "last"]);
  });

  test("PDF: pages, and paragraphs whose lines belong together", async () => {
    const { pages } = await parse("a.pdf", pdfFile("The tide\nis high.\n\nThe end", "Page two"));
    assert.deepEqual(pages, ["The tide is high.\n\nThe end", "Page two"]);
  });

  test("a format is told by the name, else by the media type; others are refused by name", async () => {
    const read = await parser.parse({
      name: "file",
      mediaType: "text/markdown",
      content: Buffer.from("# a"),
      form: "text",
      timeoutMs: null,
    });
    assert.equal(read.text, "a");
    assert.match(await refusal("old.doc", "x"), /^old\.doc cannot be read: its format is not one of pdf, docx/);
    assert.equal((await parse("empty.pdf", "")).text, "");
  });
});

describe("files that were made to harm are refused, with the reason", () => {
  const hostile: readonly (readonly [name: string, make: () => string | Uint8Array, reason: RegExp])[] = [
    ["bomb.docx", () => zipArchive({ "word/document.xml": Buffer.alloc(MAX_INFLATED_BYTES + 1, 32) }), /more than 96 MiB/],
    ["many.docx", () => zipOf(Array.from({ length: MAX_ZIP_ENTRIES + 1 }, (_, at) => [`e${at}`, ""])), /more than 4096 entries/],
    [
      "twice.docx",
      () =>
        zipOf([
          ["a", ""],
          ["a", ""],
        ]),
      /an entry twice/,
    ],
    ["cut.docx", () => docxFile(paragraph("a")).subarray(0, 60), /archive is damaged/],
    ["none.xlsx", () => zipArchive({ "x.txt": "" }), /lacks xl\/workbook\.xml/],
    ["deep.docx", () => docxFile("<w:x>".repeat(MAX_DEPTH)), /nested more than 512 deep/],
    ["deep.html", () => "<div>".repeat(1_000_000), /nested more than 512 deep/],
    ["wide.xlsx", () => xlsxFile({ a: '<row><c r="ZZZ1"><v>1</v></c></row>' }), /more than 1000 columns/],
    ["cells.csv", () => "1,2,3,4,5,6,7,8,9,0\n".repeat(100_000), /more than 200000 cells/],
    ["long.txt", () => "a".repeat(4_000_001), /more than 4000000 characters/],
    ["broken.pdf", () => "%PDF-1.4\nnothing", /no PDF that can be read/],
    ["locked.pdf", () => pdfOf(["<< /Type /Catalog >>", LOCK], "/Encrypt 2 0 R /ID [(a) (a)]"), /protected by a password/],
    ["bomb.pdf", pdfBomb, /memory|longer than|characters/],
  ];
  for (const [name, make, reason] of hostile)
    test(name, async () => {
      const message = await refusal(name, make());
      assert.ok(message.startsWith(`${name} cannot be read: `), message);
      assert.match(message, reason);
    });

  test("declared entities are never replaced", async () => {
    const laughs = `<!DOCTYPE x [<!ENTITY a "${"ha".repeat(50)}"><!ENTITY b "${"&a;".repeat(50)}">]><w:document>${paragraph("&b;")}</w:document>`;
    assert.equal((await parse("a.docx", zipArchive({ "word/document.xml": laughs }))).text, "&b;");
  });

  test("at the limit of cells a file is read", async () => {
    const { tables } = await parse("cells.csv", "1,2,3,4,5,6,7,8,9,0\n".repeat(MAX_CELLS / 10));
    assert.equal(tables[0]?.rows.length, MAX_CELLS / 10);
  });
});

test("a call that is cancelled ends its process, and those that wait are read", async () => {
  const cancelling = new AbortController();
  const call = { name: "a.txt", mediaType: null, content: Buffer.from("text"), form: "text", timeoutMs: null } as const;
  const cancelled = Array.from({ length: PARSES_AT_ONCE }, () => parser.parse({ ...call, signal: cancelling.signal }));
  const waiting = parser.parse(call);
  cancelling.abort(new Error("nobody wants it"));
  for (const one of cancelled) await assert.rejects(one, /nobody wants it/);
  assert.equal((await waiting).text, "text");
});

test("a line that is too long takes no more files", async () => {
  const cancelling = new AbortController();
  const call = {
    name: "a.txt",
    mediaType: null,
    content: Buffer.from("x"),
    form: "text",
    timeoutMs: null,
    signal: cancelling.signal,
  } as const;
  const calls = Array.from({ length: PARSES_AT_ONCE + PARSES_WAITING + 1 }, () => parser.parse(call));
  const settled = Promise.allSettled(calls);
  await assert.rejects(calls.at(-1) ?? Promise.resolve(), { type: "limit_exceeded" });
  cancelling.abort(new Error("enough"));
  for (const one of (await settled).slice(0, -1)) assert.equal(one.status === "rejected" && String(one.reason), "Error: enough");
});

test("reading that takes too long ends", async () => {
  const call = parser.parse({ name: "a.txt", mediaType: null, content: Buffer.from("x"), form: "text", timeoutMs: 1 });
  await assert.rejects(call, { type: "file_error", message: "a.txt cannot be read: reading it took longer than 1 ms." });
});

/** Says that a password is needed. */
const LOCK = `<< /Filter /Standard /V 1 /R 2 /P -4 /O <${"00".repeat(32)}> /U <${"11".repeat(32)}> >>`;

/** A page of a few KiB whose contents are gigabytes. */
function pdfBomb(): Uint8Array {
  const packed = deflateSync(Buffer.alloc(1_000_000_000, "(a) Tj "), { level: 1 });
  const stream = Buffer.concat([
    Buffer.from(`<< /Length ${packed.length} /Filter /FlateDecode >>\nstream\n`),
    packed,
    Buffer.from("\nendstream"),
  ]);
  return pdfOf([
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Count 1 /Kids [4 0 R] >>",
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Resources << /Font << /F1 3 0 R >> >> /Contents 5 0 R >>",
    stream,
  ]);
}
