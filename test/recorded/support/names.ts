import type { IssuedToken } from "./sources";

/** A value that differs from run to run, and the name by which it stands in a recording. */
export type Name = readonly [value: string, name: string];

type Known = Pick<IssuedToken, "fingerprint" | "jti"> & Partial<Pick<IssuedToken, "token">>;

/** Of tokens: the first that was minted is A. */
export function namesOf(issued: readonly Known[], url: string): readonly Name[] {
  const tokens = issued.flatMap(({ token, fingerprint, jti }, index): readonly Name[] => {
    const letter = String.fromCharCode(65 + index);
    return [
      ...(token === undefined ? [] : [[token, `<token ${letter}>`] as const]),
      ...(jti === undefined ? [] : [[jti, `<jti ${letter}>`] as const]),
      [fingerprint, `<fingerprint ${letter}>`],
    ];
  });
  return [...tokens, [url, "<api>"], [new URL(url).host, "<api host>"]];
}

export function named(text: string, names: readonly Name[]): string {
  return names.reduce((told, [value, name]) => told.replaceAll(value, name), text);
}
