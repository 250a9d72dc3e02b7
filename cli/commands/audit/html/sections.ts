import type { Concern } from "./attention";
import type { Chart, Lane } from "./chart";
import { type Html, join, markup, prose } from "./escape";
import { axisSvg, laneSvg, sampleSvg } from "./svg";

/** More concerns are counted. */
const MAX_CONCERNS = 50;

export function attentionSection(concerns: readonly Concern[], remark: string | undefined): Html {
  const shown = concerns.slice(0, MAX_CONCERNS);
  const more = concerns.length - shown.length;
  const list = markup`<ul class="concerns">
${join(shown.map(concernItem))}${more > 0 ? markup`<li>and ${more} more: <code>status</code> lists them` : ""}</ul>`;
  return markup`<section aria-labelledby="attention">
<h2 id="attention">Needs attention</h2>
${shown.length > 0 ? list : markup`<p><b class="good">✓ Nothing.</b> No token of the state is due, expired or missing, and none is known to be valid outside of it.</p>`}
${remark === undefined ? "" : markup`<p class="quiet">${prose(remark)}</p>`}
</section>`;
}

function concernItem({ word, tone, token, text }: Concern): Html {
  const { kind, fingerprint, id, storeHash, resource } = token ?? {};
  const name = fingerprint ?? id;
  const facts = [
    ...(kind === undefined ? [] : [`${kind} token`]),
    ...(name === undefined ? [] : [name]),
    ...(storeHash === undefined ? [] : [`store ${storeHash}`]),
  ];
  return markup`<li><b class="${tone}">${word}</b> <strong>${resource ?? ""}</strong> <span class="quiet">${facts.join(", ")}</span><p>${prose(text)}</p>
`;
}

export function timelineSection(chart: Chart): Html {
  if (chart.drawn === 0) {
    return markup`<section><h2>Timeline</h2><p>There is no token to draw.</p></section>`;
  }
  const many = chart.drawn < chart.all ? `Only the latest ${chart.drawn} of ${chart.all} tokens are drawn. ` : ""; // prettier-ignore
  return markup`<section aria-labelledby="timeline">
<h2 id="timeline">Timeline</h2>
<p class="quiet">${many}One line for each resource, one bar for each token: from its issue until it expired or was revoked. Two bars one above the other are two tokens that are valid at the same time.</p>
<ul class="legend" aria-label="What the marks mean">
${legend(chart)}</ul>
<ul class="lanes">
<li class="axis"><span></span>${axisSvg(chart)}
${join(chart.lanes.map((lane) => laneItem(lane, chart)))}</ul>
</section>`;
}

function laneItem(lane: Lane, chart: Chart): Html {
  const { resource, store, rights, now } = lane;
  const kind = store === undefined ? lane.kind : `${lane.kind}, store ${store}`;
  return markup`<li><div><a href="#events">${resource}</a><small>${rights === "" ? kind : `${kind}, ${rights}`}<br>${now}</small></div>${laneSvg(lane, chart)}
`;
}

/** Only of the marks that this chart has. */
function legend({ lanes, range, asked }: Chart): Html {
  const marks = lanes.flatMap((lane) => lane.marks);
  const single = marks.flatMap(({ bars }) => (bars.length === 1 ? bars : []));
  const has = (state: string) => single.some((bar) => bar.state === state);
  const entries = [
    ["live", has("live"), "in the state: your program has this token"],
    [
      "due",
      single.some(({ dueFrom }) => dueFrom !== undefined),
      "thin part: due, an update rotates the token",
    ],
    ["leaving", has("leaving"), "replaced or removed, valid until it expires"],
    ["expired", has("expired"), "expired"],
    ["revoked", has("revoked"), "revoked: the store accepted it, or its list shows it"],
    ["unproven", has("unproven"), "revoked by the rules or by a line of a log, unproven"],
    ["maybe", lanes.some(({ doubts }) => doubts.length > 0), "may have been valid, if that revocation did not happen"], // prettier-ignore
    ["group", single.length < marks.length, "this many tokens with short lives"],
    ["beyond", single.some(({ to }) => to === "never" || to > range.to), "never expires, or after the end of this chart"], // prettier-ignore
    ["today", true, "today"],
    ["asked", asked !== undefined, "the time range that was asked for"],
  ] as const;
  return join(entries.filter(([, isUsed]) => isUsed).map(([name, , text]) => markup`<li>${sampleSvg(name)}${text}\n`)); // prettier-ignore
}
