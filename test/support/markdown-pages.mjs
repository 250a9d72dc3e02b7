/**
 * Reads a JSON list of Markdown texts on standard input, and prints for each its headings, links, HTML and number of words.
 * Markdown as GitHub reads it: CommonMark with GFM.
 */
import { text } from "node:stream/consumers";

import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";

const BEGIN = "<!-- begin generated -->";
const END = "<!-- end generated -->";

const all = (node) => [node, ...(node.children ?? []).flatMap(all)];
const textOf = ({ value = "", children = [] }) => value + children.map(textOf).join("");

/** The text of a heading, from which GitHub makes its anchor. HTML is not part of it. */
const plainOf = (node) =>
  node.type === "html" ? "" : (node.children?.map(plainOf).join("") ?? node.value ?? "");

/** Words of everything but code blocks and HTML. Blocks and cells are apart. */
function wordsOf(node) {
  if (node.type === "code" || node.type === "html") return 0;
  if (node.children?.every(({ type }) => INLINE.has(type))) return (textOf(node).match(/\S+/g) ?? []).length;
  return (node.children ?? []).reduce((sum, child) => sum + wordsOf(child), 0);
}
const INLINE = new Set([
  ...[
    "text",
    "inlineCode",
    "emphasis",
    "strong",
    "delete",
    "link",
    "linkReference",
    "image",
    "imageReference",
  ],
  ...["break", "html", "footnoteReference"],
]);

/** The top-level nodes outside of generated parts. Undefined if a marker is missing. */
function writtenOf({ children }) {
  const written = [];
  let isGenerated = false;
  for (const node of children) {
    const marker = node.type === "html" ? node.value.trim() : "";
    if (marker === BEGIN || marker === END) {
      if (isGenerated === (marker === BEGIN)) return undefined;
      isGenerated = !isGenerated;
    } else if (!isGenerated) written.push(node);
  }
  return isGenerated ? undefined : written;
}

function read(markdown) {
  const tree = fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  const nodes = all(tree);
  return {
    headings: nodes.filter(({ type }) => type === "heading").map(plainOf),
    links: nodes
      .filter(({ type }) => ["link", "image", "definition"].includes(type))
      .map(({ url, position }) => ({ url, line: position.start.line })),
    html: nodes
      .filter(({ type }) => type === "html")
      .map(({ value, position }) => ({ value, line: position.start.line })),
    words: writtenOf(tree)?.reduce((sum, node) => sum + wordsOf(node), 0),
  };
}

process.stdout.write(JSON.stringify(JSON.parse(await text(process.stdin)).map(read)));
