// Draws Mermaid diagrams as PNG files with an installed Chromium, at the width at which GitHub
// shows them: `node picture.mjs OUT_DIR FILE.mmd..` (CHROMIUM names the program if it is not
// `/usr/bin/chromium`).
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import puppeteer from "puppeteer-core";

const [outDir, ...files] = process.argv.slice(2);
if (!outDir || files.length === 0) {
  console.error("usage: node picture.mjs OUT_DIR FILE.mmd..");
  process.exit(2);
}
mkdirSync(outDir, { recursive: true });
const script = fileURLToPath(new URL("node_modules/mermaid/dist/mermaid.min.js", import.meta.url));
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
let failed = 0;
for (const file of files) {
  const page = await browser.newPage();
  await page.setViewport({ width: 900, height: 600, deviceScaleFactor: 1.5 });
  await page.setContent('<body style="margin:0;background:white;font-family:sans-serif"><div id="d"></div></body>');
  await page.addScriptTag({ path: script });
  try {
    const svg = await page.evaluate(async (text) => {
      mermaid.initialize({ startOnLoad: false });
      const { svg } = await mermaid.render("m", text);
      document.getElementById("d").innerHTML = svg;
      return svg;
    }, readFileSync(file, "utf8"));
    const name = join(outDir, basename(file).replace(/\.mmd$/, ""));
    writeFileSync(`${name}.svg`, svg);
    await page.screenshot({ path: `${name}.png`, fullPage: true });
    console.log(`${name}.png`);
  } catch (error) {
    failed += 1;
    console.error(`${file}: ${error.message ?? error}`);
  }
  await page.close();
}
await browser.close();
process.exit(failed === 0 ? 0 : 1);
