// Gives an answer up and says what had come, then loses its server: node cancel.mjs CLIENT SERVER.
const [library, server] = process.argv.slice(2);
const { connect } = await import(library);
const failure = (request) => request.then(() => "no error", (error) => error);

const client = await connect(server);
// What a listener throws is its own.
client.on("provider/didChangeUsage", (usage) => usage.nosuch.at);
const told = new Promise((resolve) => client.on("provider/didChangeUsage", (usage) => resolve(usage.total.calls)));
await client.usage({ watch: true });
const answer = client.stream({ model: "gpt", prompt: "Hi" });
for await (const piece of answer) {
  answer.cancel();
  break;
}
const given = await failure(answer.result);
console.log(given.code, given.kind, given.partial.message.text, await told);
const wrong = await failure(client.configure({ baseURL: "x" }));
console.log(wrong.kind, wrong.data.problems[0].nearest);
await client.close();
console.log((await failure(client.status())).message);
