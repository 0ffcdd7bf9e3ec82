// Keeps the tables of variables and outputs in every module's README.md as variables.tf and outputs.tf have them.
// node tables.mjs: checks, exit 1 when one is not as it should be. node tables.mjs --write: writes them.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const modules = join(dirname(fileURLToPath(import.meta.url)), "modules");
const MARK = /<!-- tables -->[\s\S]*<!-- end of tables -->/;

/** The blocks of a kind, as { name, body }. */
function blocks(text, kind) {
  const found = [];
  for (const head of text.matchAll(new RegExp(`^${kind} "([^"]+)" \\{\\n`, "gm"))) {
    const begin = head.index + head[0].length;
    found.push({ name: head[1], body: text.slice(begin, text.indexOf("\n}", begin) + 1) });
  }
  return found;
}

/** The value of an argument of a block, which may go over several lines. */
function argument(body, name) {
  const match = body.match(new RegExp(`^  ${name} +=\\s*(.*(?:\\n(?:    .*|  [}\\])].*))*)`, "m"));
  return match?.[1].replace(/\s*\n\s*/g, " ").trim();
}

const text = (value) => JSON.parse(value);
const cell = (value) => value.replaceAll("|", "\\|");

function tables(folder) {
  const variables = blocks(readFileSync(join(folder, "variables.tf"), "utf8"), "variable").map(({ name, body }) => {
    const fallback = argument(body, "default");
    const type = argument(body, "type").replace(/^(\w+)\(.*$/, "$1");
    return `| \`${name}\` | ${cell(text(argument(body, "description")))} | ${type} | ${fallback === undefined ? "required" : `\`${cell(fallback)}\``} |`;
  });
  const outputs = blocks(readFileSync(join(folder, "outputs.tf"), "utf8"), "output").map(
    ({ name, body }) => `| \`${name}\` | ${cell(text(argument(body, "description")))} |`,
  );
  return [
    "<!-- tables -->",
    "## Variables\n",
    "| name | meaning | type | default |",
    "|---|---|---|---|",
    ...variables,
    "\n## Outputs\n",
    "| name | meaning |",
    "|---|---|",
    ...outputs,
    "<!-- end of tables -->",
  ].join("\n");
}

let wrong = 0;
for (const name of readdirSync(modules)) {
  const path = join(modules, name, "README.md");
  const before = readFileSync(path, "utf8");
  const after = before.replace(MARK, () => tables(join(modules, name)));
  if (!MARK.test(before)) throw new Error(`${path} has no place for tables`);
  if (process.argv.includes("--write")) writeFileSync(path, after);
  else if (before !== after) {
    wrong++;
    console.error(`modules/${name}/README.md is not as variables.tf and outputs.tf have it: node terraform/tables.mjs --write`);
  }
}
process.exit(wrong ? 1 : 0);
