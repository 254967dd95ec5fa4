// Eight workers fetch pages from a server, and count their words.
//
// `imap` gives the results in the order of the addresses, each as soon as it and those before it are there.
import { createServer } from "node:http";
import { Pool } from "heddle";

// A server of our own, as slow as one that is far away.
const server = createServer((request, response) => {
  const number = Number(request.url.slice("/page/".length));
  setTimeout(() => response.end("word ".repeat(100 * number)), 30);
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const { port } = server.address();

async function countWords(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  const text = await response.text();
  return { path: new URL(url).pathname, words: text.trim().split(" ").length };
}

const urls = Array.from({ length: 10 }, (_, i) => `http://127.0.0.1:${port}/page/${i + 1}`);
const pool = new Pool(8);
for await (const { path, words } of pool.imap(countWords, urls)) console.log(`${path}: ${words} words`);
await pool.shutdown();
server.close();
server.closeAllConnections();

// Output:
// /page/1: 100 words
// /page/2: 200 words
// /page/3: 300 words
// /page/4: 400 words
// /page/5: 500 words
// /page/6: 600 words
// /page/7: 700 words
// /page/8: 800 words
// /page/9: 900 words
// /page/10: 1000 words
