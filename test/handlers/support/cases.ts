import { type Kind, KINDS } from "../../../provider/domain/kinds";

interface Case {
  readonly title: string;
  readonly kind: Kind;
  readonly generation: 1 | 2;
}

/** Both generations of the API: with and without `jti`. */
function casesOf(kinds: readonly Kind[]): readonly Case[] {
  return kinds.flatMap((kind) =>
    ([1, 2] as const).map((generation) => ({
      title: `${kind.name}, generation ${generation}`,
      kind,
      generation,
    })),
  );
}

/** One kind stands for all: nothing that handles tokens names a kind (test/unit/architecture.test.ts). */
export const CASES = casesOf([KINDS.private]);

/** For the short life of a token in test/handlers/every-kind.test.ts. */
export const EVERY_CASE = casesOf(Object.values(KINDS));
