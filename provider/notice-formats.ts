import { HOMEPAGE } from "./homepage";
import { type AnyFacts, type FactsIn, fill, readerOf, type TemplateReader } from "./notice-slots";

/** Begins every line of the provider. */
export const PREFIX = "bigcommerce-tokens: ";
export const WARNING = "warning: ";
const RESOURCE = "{label}: ";

const AT_THE_END =
  "will be revoked at the end of this update (BigCommerce takes up to about 60 s to apply it)";
const DELETED_FIRST = "because a resource that it depends on is deleted before it is replaced";
const DELETED_FIRST_0_1 = "because what it depends on is deleted before it is replaced";
/** What create says of the new token. */
const NEW = "new {fingerprint:fresh} {expires:expiry}{verified}";
const LIST = "the list of {word:kind} tokens in store {word:storeHash}";
const LEFTOVER =
  "{label}: the store also holds token {word:jti} under this label (issued: {listedTime:issued}; expiry: {listedTime:expiry}). If this update is a forced replacement (--replace, taint), it revokes that token at its end, and nothing is to be done. Otherwise an interrupted run, a rename or letExpire left it.";
const REVOKE_LEFTOVER =
  "`npm exec --no -- pulumi-bigcommerce-tokens orphans --revoke --jti {argument:jti}` revokes it if no resource holds it";
/** docs/reference/warnings.md: a heading for each reason to warn. */
const PAGE = `${HOMEPAGE}/blob/main/docs/reference/warnings.md` as const;
const UNLISTED = "tokens that it does not show stay in the state as they are";

/**
 * Every notice of the provider, once: lines are formatted from here, and the command line parses them from here.
 * `warning: ` in front is the severity, `{label}: ` the resource. A list has the present
 * line first, then those of earlier versions, for notices that the command line looks for in logs. The lines of the first
 * five are promised to users (docs/reference/effect-lines.md).
 */
export const NOTICES = {
  minted: "minted {label} {fingerprint} {expiry}",
  adopted: "adopted {label} {fingerprint} {expiry}",
  revoke_accepted: "revoke accepted {label} {fingerprint} {expiry}",
  left_to_expire: "left to expire {label} {fingerprint} {expiry}",
  expired: "expired {label} {fingerprint} {expiry}",

  revoked_before: [
    "{label}: token {fingerprint} was revoked before this run, says {source:by}",
    "warning: {label}: token {fingerprint} was revoked before this run, says {source:by}",
    "warning: token {fingerprint} of {label} was revoked before this run, says {source:by}",
  ],
  revocation_refused: [
    "warning: {label}: token {fingerprint} was not revoked and may work until it expires ({expiry}): {text:reason} The provider does not try again: to revoke the token by hand, use {handle:id} and the credential of {minter:account}",
    "warning: token {fingerprint} of {label} was not revoked and may work until {expiry}: {text:reason}",
  ],
  kept_by_holder: "{label}: token {fingerprint} is not revoked, because {word:holder} holds it as well",
  minted_again:
    "warning: {label}: token {fingerprint} is not revoked, because BigCommerce returned the same token for a mint of this run",
  on_delete_override: [
    "warning: BIGCOMMERCE_ON_DELETE={onDelete} applies to every token that this run replaces or deletes",
    "warning: BIGCOMMERCE_ON_DELETE={onDelete} decides how every token ends that ends in this run",
  ],

  replaced_undecided: [
    "{label}: token {fingerprint} may be replaced; only the update can tell whether it is revoked",
    "{label}: token {fingerprint} may be replaced; the update will say what becomes of it",
  ],
  replaced_gone: [
    "{label}: will be replaced: token {fingerprint} is gone",
    "{label}: token {fingerprint} is gone and is replaced",
  ],
  replaced_revoked: [
    `{label}: will be replaced: token {fingerprint} ${AT_THE_END}`,
    `{label}: token {fingerprint} ${AT_THE_END}`,
  ],
  replaced_left: [
    "{label}: will be replaced: token {fingerprint} {works:expiry}",
    "{label}: token {fingerprint} {works:expiry}",
  ],
  replaced_expired: [
    "{label}: will be replaced: token {fingerprint} expired at {expiry}",
    "{label}: token {fingerprint} expired at {expiry}",
  ],
  previous_revoked: [
    `{label}: previous token {fingerprint} ${AT_THE_END}`,
    `{label}: token {fingerprint}, its predecessor, ${AT_THE_END}`,
  ],
  previous_left: [
    "{label}: previous token {fingerprint} {works:expiry}",
    "{label}: token {fingerprint}, its predecessor, {works:expiry}",
  ],
  deleted_first_revoked: [
    `{label}: token {fingerprint} will be revoked before the new token exists, ${DELETED_FIRST}`,
    `{label}: token {fingerprint} will be revoked before its successor exists, ${DELETED_FIRST_0_1}`,
  ],
  deleted_first_left: [
    `{label}: token {fingerprint} {works:expiry}, ${DELETED_FIRST}; \`pulumi-bigcommerce-tokens retire\` revokes it once the new token is in use, BIGCOMMERCE_ON_DELETE=revoke at once`,
    `{label}: token {fingerprint} {works:expiry}, ${DELETED_FIRST_0_1}; \`pulumi-bigcommerce-tokens retire\` revokes it once its successor is in use, BIGCOMMERCE_ON_DELETE=revoke at once`,
  ],

  will_adopt: "{label}: will adopt token {fingerprint}, which then stays valid",

  renewed_left: `{label}: {change}, old {fingerprint} {valid:until}, ${NEW}`,
  renewed_revoked: `{label}: {change}, old {fingerprint} ${AT_THE_END}, ${NEW}`,
  renewed_expired: `{label}: {change}, old {fingerprint} expired at {time:until}, ${NEW}`,
  renewed_gone: `{label}: {change}, old {fingerprint} was gone, ${NEW}`,
  renewed_first: `{label}: {change}, old {fingerprint} was revoked before the new token existed, ${NEW}`,
  verified: "{label}: token {fingerprint} is verified: the store's GraphQL API accepts it",

  due_protected: `warning: {label}: token {fingerprint} is due since {time:since} and cannot be rotated, because the resource is protected: remove protect (${PAGE}#due-rotations)`,
  /** No longer said: earlier versions warned of every token that an update rotated. */
  due: "warning: {label}: is due since {time:since}, so it is to be rotated (README.md#due-rotations)",
  gone_protected:
    "warning: {label}: token {fingerprint} is gone {since} and cannot be replaced, because the resource is protected: remove protect",
  short_overlap: `warning: {label}: token {fingerprint} works only until {time:expiry}: deploy the new token before then (${PAGE}#short-overlaps)`,
  never_expires: `warning: {label}: never expires: anyone who gets hold of it can use it that long (${PAGE}#long-lives)`,
  long_life: `warning: {label}: lives for more than {days:maxDays}: anyone who gets hold of it can use it that long (${PAGE}#long-lives)`,
  fixed_expiry: `warning: {label}: expires at {time:expiry}, and nothing rotates a token with a fixed expiresAt (${PAGE}#fixed-ends)`,
  fixed_expired: `warning: {label}: expired at {time:expiry}, and nothing rotates a token with a fixed expiresAt (${PAGE}#fixed-ends)`,
  short_window: `warning: {label}: is rotated only in the last 24 hours before it expires: an update that fails then, or is not run, lets it expire (${PAGE}#short-windows)`,
  no_origins: `warning: {label}: has no allowedCorsOrigins: BigCommerce says that a storefront token made after 2026-06-30 works from no server, and is quoted as saying that none is made without origins, nor accepted after 2027-03-31. A server needs a PrivateToken, a browser the origins of its shop (${PAGE}#storefront-tokens-without-origins)`,
  older_origin_rule: `warning: {label}: {word:input}: BigCommerce's older rule refuses this origin: each part of its host begins with a letter, ends with a letter or digit, and has only letters, digits and hyphens. BigCommerce may refuse to mint the token (${PAGE}#origins-that-an-older-rule-refuses)`,
  verify_without_origins: `warning: {label}: has verify, but no allowedCorsOrigins: BigCommerce may refuse such a token from a server, so verify may be unable to tell whether it works; give allowedCorsOrigins, or leave verify out (${PAGE}#verifying-storefront-tokens-without-origins)`,

  expires_early: "{label}: token {fingerprint} expires at {expiry}, says BigCommerce: earlier than requested",
  expires_late: "{label}: token {fingerprint} expires at {expiry}, says BigCommerce: later than requested",
  expiry_not_claimed:
    "{label}: token {fingerprint} does not say when it expires: the requested {expiry} counts",
  clock_ahead:
    "warning: this machine's clock is {minutes} ahead of BigCommerce's: set it. A token with a lifetime is valid for so much longer than that",
  clock_behind:
    "warning: this machine's clock is {minutes} behind BigCommerce's: set it. A token with a lifetime is valid for so much less than that",

  mint_retried:
    "{label}: the first attempt to mint got no usable answer, so the provider mints again: {text:reason}",
  leftover: `${LEFTOVER} After the update, for this stack: ${REVOKE_LEFTOVER}`,
  leftover_young: `${LEFTOVER} It is too young until {time:youngUntil}. From then on, for this stack: ${REVOKE_LEFTOVER}`,
  leftover_undated: `${LEFTOVER} After the update \`npm exec --no -- pulumi-bigcommerce-tokens orphans\` shows it if no resource holds it`,
  more_leftovers: "{label}: the store holds {more:count} under this label",
  shared:
    "warning: {label}: {word:holder} holds token {fingerprint} as well, and a token belongs to one resource",
  adoption_unproven:
    "warning: {label}: the store's GraphQL API did not say whether the token to adopt is genuine: it is adopted unverified, and will be revoked by its value alone",
  adoption_irrevocable:
    "warning: {label}: the token to adopt cannot be revoked and {works:expiry}: API account {word:account} minted it, and {text:reason}",

  gone: [
    "warning: {label}: token {fingerprint} {gone:how}; `pulumi up --refresh` mints a new token, if the program still needs one",
    "warning: {label}: token {fingerprint} {gone:how}; the next `pulumi up` mints a new one",
  ],
  not_gone: "{label}: token {fingerprint} is alive, though an earlier refresh found it gone: it stays in use",
  refresh_failed: "a refresh could not look up the tokens in store {word:storeHash}: {text:reason}",
  refresh_no_ids:
    "store {word:storeHash} holds tokens without an id (jti), which no list shows: a refresh cannot tell whether they were revoked",
  refresh_no_list:
    "store {word:storeHash} has no list of its tokens: a refresh cannot tell whether they were revoked",
  refresh_other_account:
    "a refresh cannot tell whether the tokens of API account {word:account} in store {word:storeHash} were revoked: BigCommerce lists tokens only for the API account that minted them; give its credential as {word:variable}",
  refresh_unproven:
    "a refresh cannot tell whether adopted tokens in store {word:storeHash} were revoked until the store's GraphQL API accepts them: their ids may be other tokens'",
  refresh_list_unreadable: `warning: ${LIST} could not be read ({text:reason}): ${UNLISTED}`,
  refresh_list_partial: `${LIST} was not read whole, because {text:reason}: ${UNLISTED}`,
  refresh_list_unowned: `${LIST} does not say which API account minted them: ${UNLISTED}`,
  refresh_list_late: `${LIST} may not show tokens of the last minutes yet: ${UNLISTED}`,

  api_url: "store {word:storeHash} is reached at {word:apiUrl}",
  no_credential: "no credential for store {word:storeHash}: {text:remedy}; a preview needs none",
} as const satisfies Readonly<Record<string, Format>>;

type Format = string | readonly [line: string, ...formerly: string[]];

export type NoticeCode = keyof typeof NOTICES;
type LineOf<F extends Format> = F extends readonly [infer L extends string, ...unknown[]] ? L : F & string;
type Facts<C extends NoticeCode> = FactsIn<LineOf<(typeof NOTICES)[C]>>;

/** A notice as data: a host shows severity, resource and text in its own way. */
export type Notice<C extends NoticeCode = NoticeCode> = C extends NoticeCode
  ? {
      readonly severity: "info" | "warning";
      readonly code: C;
      readonly facts: Omit<Facts<C>, "label">;
      /** The label. */
      readonly resource: "label" extends keyof Facts<C> ? string : undefined;
    }
  : never;

/** The notices whose lines are stable. */
export type Effect = "minted" | "adopted" | "revoke_accepted" | "left_to_expire" | "expired";

export function notice<C extends NoticeCode>(code: C, facts: Facts<C>): Notice<C> {
  const { label, ...rest } = facts as AnyFacts;
  const severity = linesOf(code)[0].startsWith(WARNING) ? "warning" : "info";
  return { severity, code, resource: label, facts: rest } as Notice<C>;
}

/** The line that the provider prints after the prefix. */
export function formatNotice(said: Notice): string {
  const severity = said.severity === "warning" ? WARNING : "";
  const resource = bodyOf(said.code).startsWith(RESOURCE) ? `${said.resource ?? ""}: ` : "";
  return `${severity}${resource}${textOf(said)}`;
}

/** Without severity and resource. Only the line of an effect still names its resource. */
export function textOf({ code, resource, facts }: Notice): string {
  return fill(withoutStart(bodyOf(code), RESOURCE), { label: resource, ...facts });
}

/** Parses a line of `formatNotice`. Undefined for any other line. */
export function parseNotice(line: string): Notice | undefined {
  for (const code of CODES) {
    const parsed = parseNoticeAs(code, line);
    if (parsed) return parsed;
  }
  return undefined;
}

/** Parses a line of this code's notices, of any version. */
export function parseNoticeAs<C extends NoticeCode>(code: C, line: string): Notice<C> | undefined {
  for (const reader of readersOf(code)) {
    const facts = reader.read(line);
    if (facts) return notice(code, facts as Facts<C>);
  }
  return undefined;
}

const CODES = Object.keys(NOTICES) as readonly NoticeCode[];
const readers: Partial<Record<NoticeCode, readonly TemplateReader[]>> = {};

/** The present form of a notice first, then its former ones. */
export function readersOf(code: NoticeCode): readonly TemplateReader[] {
  return (readers[code] ??= linesOf(code).map(readerOf));
}

function linesOf(code: NoticeCode): Exclude<Format, string> {
  const format: Format = NOTICES[code];
  return typeof format === "string" ? [format] : format;
}

/** The present line without its severity. */
function bodyOf(code: NoticeCode): string {
  return withoutStart(linesOf(code)[0], WARNING);
}

function withoutStart(text: string, start: string): string {
  return text.startsWith(start) ? text.slice(start.length) : text;
}
