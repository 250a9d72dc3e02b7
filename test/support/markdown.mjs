/** What GitHub reads in the Markdown on standard input, as JSON: CommonMark with GFM. */
import { text } from "node:stream/consumers";

import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";

const nodes = [];
const rows = [];
const cells = [];
const textOf = ({ value = "", children = [] }) => value + children.map(textOf).join("");
function walk(node) {
  if (node.type === "table") rows.push(...node.children.map(({ children }) => children.length));
  if (node.type === "tableCell") cells.push(textOf(node));
  nodes.push({ type: node.type, ...(typeof node.value === "string" && { value: node.value }) });
  node.children?.forEach(walk);
}
walk(fromMarkdown(await text(process.stdin), { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }));
process.stdout.write(JSON.stringify({ nodes, rows, cells }));
