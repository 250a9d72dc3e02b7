const TITLES = {
  requests: "Requests to BigCommerce",
  provider: "The provider",
  commandLine: "The command line",
};

/** What is code in the sentences of the table, though it has no backticks there. */
const CODE = [
  /`[^`]*`/,
  /(?:\w+: )?\{ [^}]* \}/,
  /[A-Z]+_[A-Z_]+(?:<STORE HASH>)?[A-Z_]*(?:=\w+)?/,
  /bigcommerce:\w+(?:\.(?:<store hash>|\w+))*/,
  /--[a-z]+(?:-[a-z]+)*/,
  /https:\/\/host\[:port\]/,
  /[a-z]+\.bigcommerce\.com\/stores\/\{hash\}/,
  /store_storefront\w+/,
  /\b[a-z]+[A-Z]\w*/,
]
  .map(({ source }) => source)
  .join("|");

/** docs/reference/errors.md: the table of codes, with a heading for each. */
export function errors({ ERROR_GROUPS, KINDS }) {
  const scopes = [...new Set(Object.values(KINDS).map(({ oauthScope }) => oauthScope))];
  const inPage = (sentence) =>
    markdown(
      sentence
        .replace("{credential}", "the place that the message names")
        .replace("{scope}", `${scopes[0]}, for impersonation tokens ${scopes[1]}`),
    );
  const groups = Object.entries(ERROR_GROUPS);
  const lists = groups.map(([name, group]) => {
    const links = Object.keys(group).map((code) => `[${code}](#${code})`);
    return `- ${TITLES[name]}: ${links.join(", ")}`;
  });
  const entries = groups
    .flatMap(([, group]) => Object.entries(group))
    .map(([code, { cause, check, remedy }]) =>
      [
        `## ${code}`,
        `**Cause:** ${inPage(cause)}`,
        `**Check:** ${inPage(check)}`,
        `**Fix:** ${inPage(remedy)}`,
      ].join("\n\n"),
    );
  const text = [lists.join("\n"), ...entries].join("\n\n");
  return { write: () => text, problems: () => [] };
}

function markdown(sentence) {
  const parts = sentence.split(new RegExp(`(${CODE})`, "g"));
  return parts
    .map((part, at) => (at % 2 === 0 ? part.replaceAll("<", "\\<") : `\`${part.replaceAll("`", "")}\``))
    .join("");
}
