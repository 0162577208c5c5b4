// Reads diagrams with the real Mermaid parser and prints what it understood, one fact a line:
//
//   == file
//   state PATH: lines below its name
//   note PATH: text
//   arrow PATH -> PATH: label
//
// Paths are titles from the outermost state inwards. Diamonds and bars are passed through, so an
// arrow goes from state to state whatever is drawn between. `tests/tests/diagrams.rs` computes the
// same lines from the model. `node check.mjs FILE.mmd..`; exits with 1 if Mermaid rejects a file.
import { readFileSync } from "node:fs";
import { JSDOM } from "jsdom";

const { window } = new JSDOM("<!doctype html><body></body>", { pretendToBeVisual: true });
globalThis.window = window;
globalThis.document = window.document;
const { default: mermaid } = await import("mermaid");
mermaid.initialize({ startOnLoad: false });

/** Undoes what Mermaid does to entities before it parses. */
function plain(text) {
  const named = { quot: '"', amp: "&", lt: "<", gt: ">", nbsp: "\u00a0" };
  return String(text ?? "")
    .replace(/<br\s*\/?>/g, " ")
    .replace(/&(amp|lt|gt|quot);/g, (_, name) => named[name])
    .replace(/ﬂ°°(\d+)¶ß/g, (_, code) => String.fromCodePoint(Number(code)))
    .replace(/ﬂ°(\w+)¶ß/g, (_, name) => named[name] ?? `?${name}?`)
    // Room at the ends of a line.
    .replace(/\u00a0/g, "")
    .trim();
}

function facts({ nodes, edges }) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parent = (node) => {
    let at = byId.get(node.parentId);
    while (at?.shape === "divider") at = byId.get(at.parentId);
    return at;
  };
  const has = (node, name) => ` ${node.cssClasses ?? ""} `.includes(` ${name} `);
  const title = (node) => plain(node.label).replace(/\(.*$/, "");
  const inside = (node, name) => [path(parent(node)), name].filter(Boolean).join("/");
  function path(node) {
    if (!node) return "";
    if (node.shape === "stateStart") return inside(node, "[*]");
    if (node.shape === "stateEnd") return inside(node, "[end]");
    if (has(node, "whole")) return path(parent(node));
    if (has(node, "jump")) return plain(node.label);
    if (has(node, "history")) {
      const beside = edges.find((edge) => edge.start === node.id);
      const of = path(beside ? byId.get(beside.end) : parent(node));
      return `${plain(node.label) === "H*" ? "deep_history" : "history"}(${of})`;
    }
    return inside(node, title(node));
  }
  const isPassed = (node) => node.shape === "choice" || node.shape === "fork";
  const isExtra = (node) =>
    isPassed(node) ||
    ["stateStart", "stateEnd", "divider", "noteGroup", "note"].includes(node.shape) ||
    ["jump", "history"].some((name) => has(node, name));
  const lines = [];
  for (const node of nodes) {
    if (node.shape === "note") {
      lines.push(`note ${path(byId.get(node.parentId.replace(/----parent$/, "")))}: ${plain(node.label)}`);
    } else if (has(node, "whole")) {
      lines.push(`inside ${path(node)}: ${(node.description ?? []).map(plain).join(" ")}`);
    } else if (!isExtra(node)) {
      lines.push(`state ${path(node)}: ${(node.description ?? []).map(plain).join(" ")}`);
    }
  }
  // What leaves and enters its own state may end in a box that says so.
  const again = (from, to) => to === `reenter ${from.split("/").pop()}`;
  const follow = (from, edge, label) => {
    const to = byId.get(edge.end);
    const end = path(to);
    // An arrow for several ways has a line for each.
    for (const way of String(edge.label ?? "").split(/<br\s*\/?>or /)) {
      const all = [...label, plain(way)].filter(Boolean);
      if (!isPassed(to)) lines.push(`arrow ${from} -> ${again(from, end) ? from : end}: ${all.join(" ")}`);
      else for (const next of edges) if (next.start === to.id) follow(from, next, all);
    }
  };
  for (const edge of edges) {
    const from = byId.get(edge.start);
    const isNote = edge.arrowhead === "none";
    if (!isNote && !isPassed(from) && !has(from, "history")) follow(path(from), edge, []);
  }
  return lines.map((line) => line.trimEnd()).sort();
}

let failed = 0;
for (const file of process.argv.slice(2)) {
  try {
    const text = readFileSync(file, "utf8");
    await mermaid.parse(text);
    const diagram = await mermaid.mermaidAPI.getDiagramFromText(text);
    console.log([`== ${file}`, ...facts(diagram.db.getData())].join("\n"));
  } catch (error) {
    failed += 1;
    console.error(`${file}: ${error.message ?? error}`);
  }
}
process.exit(failed === 0 ? 0 : 1);
