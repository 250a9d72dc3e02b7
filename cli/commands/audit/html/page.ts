import { createHash } from "node:crypto";

import { minuteText } from "../../../render/time";
import { safeText } from "../../../render/width";
import { isExpired } from "../model";
import type { Selection } from "../selection";
import { MAX_BARS, pageData } from "./bars";
import { STATES } from "./data";
import { markup, type Html, join, raw } from "./escape";
import { STYLE } from "./style";
import { aliveTable, eventTable } from "./tables";

/** The build inserts page/main.ts and the plotting library here, as one text. */
declare const PAGE_SCRIPT: string | undefined;

/** Empty if run from the sources: the page then has tables, but no chart. */
const SCRIPT = typeof PAGE_SCRIPT === "string" ? PAGE_SCRIPT : "";

/** A self-contained page: its content security policy allows no other file and no network request. */
export function auditPage(selection: Selection): readonly string[] {
  const { stack = "a stack" } = selection;
  const data = JSON.stringify(pageData(selection), (_, value: unknown) =>
    typeof value === "string" ? safeText(value) : value,
  );
  // The data must not be able to close its script element.
  const json = data.replace(/[<>&]/g, (found) => `\\u00${found.charCodeAt(0).toString(16)}`);
  const policy = `default-src 'none'; style-src '${hash(STYLE)}'; script-src '${hash(SCRIPT)}'; base-uri 'none'; form-action 'none'`; // prettier-ignore
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Tokens of ${stack}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<a class="skip" href="#events">Skip to the events</a>
${header(selection)}
<main>
${timeline(selection)}
${selection.alive ? aliveTable(selection) : ""}
${eventTable(selection)}
</main>
${FOOTER}
<script type="application/json" id="data">${raw(json)}</script>
<script>${raw(SCRIPT)}</script>
</body>
</html>`.text.split("\n");
}

function header({ stack = "a stack", histories, events, updates, from, to, now }: Selection): Html {
  const live = histories.filter(({ token, end }) => !end && !isExpired(token, now));
  const sums: readonly (readonly [string, string | number])[] = [
    ["tokens", histories.length],
    ["in the state", live.length],
    ["events", events.length],
    ...(updates === undefined ? [] : [["updates", updates] as const]),
  ];
  const span =
    from === undefined || to === undefined ? "" : `, from ${minuteText(from)} to ${minuteText(to)}`;
  return markup`<header>
    <h1>Tokens of ${stack}</h1>
    <p class="quiet">From the history of the stack${span}. Times are UTC. As of ${minuteText(now)}.</p>
    <dl class="sums">${join(sums.map(([name, sum]) => markup`<div><dt>${name}</dt><dd>${sum}</dd></div>`))}</dl>
  </header>`;
}

function timeline({ histories }: Selection): Html {
  if (histories.length === 0) {
    return markup`<section><h2>Timeline</h2><p>There is no token to draw.</p></section>`;
  }
  const legend = STATES.map(
    ({ state, text }) => markup`<li><i class="${state}">${state === "revoked" ? "×" : ""}</i>${text}</li>`,
  );
  const many = histories.length > MAX_BARS ? `Only the latest ${MAX_BARS} of ${histories.length} tokens are drawn. ` : ""; // prettier-ignore
  return markup`<section aria-labelledby="timeline-title">
    <h2 id="timeline-title">Timeline</h2>
    <p class="quiet">
      ${many}Each lane is a resource, each bar a token, from its issue until it expires or is revoked. Arrow keys move
      between bars; Enter shows the events of a token.
    </p>
    <ul class="legend" aria-label="What the bars mean">
      ${join(legend)}
      <li><i class="rotation"></i>due: an update rotates it</li>
      <li><i class="overlap"></i>two valid tokens</li>
      <li><i>→</i>never expires</li>
    </ul>
    <div id="timeline">
      <noscript><p>The chart needs JavaScript. The tables below do not.</p></noscript>
    </div>
  </section>`;
}

const FOOTER = markup`<footer>
  <p>
    "Ended" means: the token is no longer in the state and by the rules was to be revoked, but there is no proof of
    the revocation. The token may have been valid until it expired. A revocation takes effect about 60 s after the
    store accepted it.
  </p>
  <p>
    <code>pulumi stack rm</code> deletes the history of a stack. A history does not have what happens outside of
    updates. This page contains no token.
  </p>
</footer>`;

function hash(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
