// A server that answers each line with the same line, and a pool of workers that does the work.
//
// Node ties a socket to the thread that accepted it, so the main thread reads and writes, which costs it little, and the
// workers do what takes long. (In Python each thread gets a socket of its own.)
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { createInterface } from "node:readline";
import { Pool } from "heddle";

const pool = new Pool(4);
const echo = (line) => `echo: ${line}`; // whatever takes long

const server = createServer(async (socket) => {
  for await (const line of createInterface({ input: socket })) {
    socket.write(`${await pool.submit(echo, line)}\n`);
  }
  socket.end();
});
server.listen(0, "127.0.0.1");
await once(server, "listening");

// Three clients at the same time, over real connections: each says a word, waits for the answer, says the next.
async function talk(name) {
  const words = [`hello from ${name}`, `goodbye from ${name}`];
  const answers = [];
  const socket = connect(server.address().port, "127.0.0.1");
  socket.write(`${words.shift()}\n`);
  for await (const answer of createInterface({ input: socket })) {
    answers.push(answer);
    if (words.length > 0) socket.write(`${words.shift()}\n`);
    else socket.end();
  }
  return answers;
}

for (const answers of await Promise.all(["Ada", "Grace", "Edsger"].map(talk))) console.log(answers.join(", "));
server.close();
await pool.shutdown();

// Output:
// echo: hello from Ada, echo: goodbye from Ada
// echo: hello from Grace, echo: goodbye from Grace
// echo: hello from Edsger, echo: goodbye from Edsger
