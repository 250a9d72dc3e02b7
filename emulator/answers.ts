import type { Answer } from "./entities";

const TYPE = "https://developer.bigcommerce.com/api-docs/getting-started/api-status-codes";
const PROBLEM_JSON = { "content-type": "application/problem+json" };

/**
 * An error in BigCommerce's format. `errors` maps `field` or `field:rule` to a sentence.
 * Guess: the reason for an error is in `title`.
 */
export function refuse(status: number, title: string, errors: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: PROBLEM_JSON, body: { status, title, type: TYPE, errors } };
}

export const UNKNOWN_PARAMETER = "Unrecognized query parameter";

/** BigCommerce's 422 for a body or query with invalid fields. A correct client never sends the `unknown` ones. */
export function refuseFields(
  errors: Readonly<Record<string, string>>,
  what: "field" | "query parameter",
  unknown: readonly string[],
): Answer {
  const answer = refuse(422, `The following fields are invalid: ${Object.keys(errors).join(", ")}`, errors);
  return unknown.length === 0 ? answer : { ...answer, problem: `unknown ${what} ${unknown.join(", ")}` };
}

/** The route does not exist. Real answers of BigCommerce have no title here. */
export function noSuchRoute(): Answer {
  return { status: 404, headers: PROBLEM_JSON, body: { status: 404, type: TYPE } };
}

/**
 * The path exists, the method does not: https://developer.bigcommerce.com/docs/start/about/status-codes
 * Guess: the body of 405.
 */
export function wrongMethod(allowed: readonly string[]): Answer {
  const { headers, ...answer } = refuse(405, "Method Not Allowed");
  return { ...answer, headers: { ...headers, allow: allowed.join(", ") } };
}

/** BigCommerce gives this answer for a missing OAuth scope, and also for a store hash that does not exist. */
export function noScope(): Answer {
  return refuse(403, "You don't have a required scope to access the endpoint");
}

export const NO_CREDENTIALS = "GraphQL credentials were missing. No token was sent.";

/** The format in which GraphQL refuses any credential. */
export function graphqlError(status: number, message: string): Answer {
  return { status, body: { errors: [{ message }] } };
}
