// Asks a model, and shows the answer as it comes: node ask.js SERVER QUESTION.
import { connect, LitellmError } from "../src/index.js";

const [server, question = "Hi"] = process.argv.slice(2);
const client = await connect(server);
client.on("provider/didChangeStatus", (status) => console.log("status:", status.message));
console.log("state:", (await client.status()).state);
const { models } = await client.models();
console.log("models:", models.map((model) => model.id).join(", "));
if (client.supports("provider/countTokens")) {
  console.log("tokens:", (await client.count({ prompt: question })).tokens);
}
try {
  const answer = client.stream({ prompt: question });
  for await (const piece of answer) {
    if (piece.type === "text") console.log("piece:", piece.text);
  }
  console.log("answer:", (await answer.result).message.text);
  await client.complete({ prompt: question, model: "no-such-model" });
} catch (error) {
  if (!(error instanceof LitellmError)) throw error;
  console.log(`error: ${error.kind}: ${error.message}; ${error.remedy}`);
}
console.log("calls:", (await client.usage()).total.calls);
await client.close();
