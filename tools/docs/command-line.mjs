const WIDTH = 100;

/** docs/reference/command-line.md: what `--help` prints, below the heading of each command. */
export async function commandLine({ runProgram }) {
  const texts = new Map();
  const read = async (words) => {
    const text = await helpOf(runProgram, words);
    texts.set(words.join(" "), text);
    for (const name of commandsIn(text)) await read([...words, name]);
  };
  await read([]);
  const left = new Set(texts.keys());
  const unknown = [];
  return {
    write(heading) {
      const words = heading === "Commands" ? "" : heading;
      left.delete(words);
      const text = texts.get(words);
      if (text === undefined) unknown.push(words);
      return `\`\`\`text\n${text ?? ""}\n\`\`\``;
    },
    problems: () => [
      ...unknown.map((words) => `there is no command "${words}"`),
      ...[...left].map((words) => `"${words}" has no generated part below a heading of its own`),
    ],
  };
}

/** The names in the list of commands; `help` is commander's own. */
function commandsIn(text) {
  const [list] = text.split(/^Commands:\n/m)[1]?.split("\n\n") ?? [""];
  return [...list.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name).filter((name) => name !== "help");
}

async function helpOf(runProgram, words) {
  let printed = "";
  await runProgram({
    ...{ args: [...words, "--help"], env: {}, input: {} },
    output: { stdout: (text) => (printed += text), stderr: () => undefined, columns: WIDTH, colour: false },
    setExitCode: () => undefined,
  });
  return printed.trim();
}
