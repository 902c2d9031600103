import { expect, test } from "vitest";
import { html, Markup } from "../../../src/report/html/markup.ts";

test("whatever comes from outside is escaped, what is markup stays", () => {
  const reason = `<script>alert("1")</script> & 'x'`;
  expect(html`<p title="${reason}">${[html`<b>${1}</b>`, null, false, "a<b"]}</p>`.text).toBe(
    `<p title="&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39;"><b>1</b>a&lt;b</p>`,
  );
  expect(html`${new Markup("<i>")}`.text).toBe("<i>");
});
