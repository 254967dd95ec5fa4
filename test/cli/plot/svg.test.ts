import { test } from "uvu";
import * as assert from "uvu/assert";
import { element, escapeXml, fitText, label, pixels, textWidth } from "../../../ts/cli/plot/svg.js";

test("escapes what would be markup, and replaces what XML forbids", () => {
  assert.is(escapeXml(`<a & "b" 'c'>`), "&#60;a &#38; &#34;b&#34; &#39;c&#39;&#62;");
  assert.is(escapeXml("a\u0000b\u001bc\tπ😀"), "a\ufffdb\ufffdc\tπ😀");
  assert.is(escapeXml("half \ud83d here"), "half \ufffd here");
});

test("writes elements", () => {
  assert.is(element("g", { id: 'a"b', x: 1 / 3, y: undefined }), '<g id="a&#34;b" x="0.33"/>');
  assert.is(element("g", {}, element("path", {}), label("<", { x: 1 })), '<g><path/><text x="1">&#60;</text></g>');
  assert.is(pixels(-0.001), "0");
});

test("cuts a text to its room, between characters", () => {
  const text = "😀".repeat(50);
  const cut = fitText(text, 10, 100);
  assert.ok(textWidth(cut, 10) <= 100);
  assert.match(cut, /^(😀)+…$/u);
  assert.is(fitText("short", 10, 100), "short");
});

test.run();
