// What is no JSON costs its request alone, and what is no server is told: node odd.mjs CLIENT SERVER NO-SERVER….
const [library, server, ...others] = process.argv.slice(2);
const { connect } = await import(library);
const failure = (request) => request.then(() => "no error", (error) => error);

const client = await connect(server);
const circle = {};
circle.prompt = circle;
for (const params of [circle, { prompt: "Hi", seed: 1n }]) {
  console.log((await failure(client.complete(params))).name);
}
console.log((await client.usage()).total.calls);
await client.close();
for (const other of others) console.log((await failure(connect(other))).message);
