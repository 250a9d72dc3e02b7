import { createHash } from "node:crypto";

import { minuteText } from "../../../render/time";
import { isExpired } from "../model";
import type { Selection } from "../selection";
import { concernsOf, remarkOn } from "./attention";
import { chartOf } from "./chart";
import { markup, type Html, join, raw } from "./escape";
import { attentionSection, timelineSection } from "./sections";
import { styleOf } from "./style";
import { ALIVE, aliveSection, EVENTS, eventSection } from "./tables";

/** The build inserts page/main.ts here, as one text. */
declare const PAGE_SCRIPT: string | undefined;

/** Empty if run from the sources: the page then has no filter. */
const SCRIPT = typeof PAGE_SCRIPT === "string" ? PAGE_SCRIPT : "";

/**
 * A self-contained page: its content security policy allows no other file and no network request. It is complete without
 * JavaScript, which only adds the filter of the events.
 */
export function auditPage(selection: Selection): readonly string[] {
  const { stack = "a stack", alive } = selection;
  const style = styleOf(alive ? [ALIVE, EVENTS] : [EVENTS]);
  const policy = `default-src 'none'; style-src '${hash(style)}'; script-src '${hash(SCRIPT)}'; base-uri 'none'; form-action 'none'`; // prettier-ignore
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Tokens of ${stack}</title>
<style>${raw(style)}</style>
</head>
<body>
<a class="skip" href="#events">Skip to the events</a>
${header(selection)}
<main>
${attentionSection(concernsOf(selection), remarkOn(selection))}
${timelineSection(chartOf(selection))}
${alive ? aliveSection(selection) : ""}
${eventSection(selection)}
</main>
${FOOTER}
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
  const source = updates === undefined ? "Between two exports of the stack" : "From the history of the stack";
  const span =
    from === undefined || to === undefined ? "" : `, from ${minuteText(from)} to ${minuteText(to)}`;
  return markup`<header>
<h1>Tokens of ${stack}</h1>
<p class="quiet">${source}${span}. As of ${minuteText(now)}. Times are UTC.</p>
<dl class="sums">${join(sums.map(([name, sum]) => markup`<div><dt>${name}</dt><dd>${sum}</dd></div>`))}</dl>
</header>`;
}

const FOOTER = markup`<footer>
<p>"Ended" means: the token is no longer in the state and by the rules was to be revoked, but there is no proof of the revocation. The token may have been valid until it expired. A revocation takes effect about 60 s after the store accepted it.</p>
<p><code>pulumi stack rm</code> deletes the history of a stack. A history does not have what happens outside of updates. This page contains no token.</p>
</footer>`;

function hash(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
