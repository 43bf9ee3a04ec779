//! Asks a model, and shows the answer as it comes: `ask SERVER QUESTION`.
#![allow(clippy::print_stdout)]
use litellm_ls_client::{Client, Result, protocol::*};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (server, question) = (arguments.next().unwrap_or_default(), arguments.next());
    let client = Client::connect(tokio::process::Command::new(server)).await?;
    println!("state: {:?}", client.status(&StatusParams::default()).await?.state);
    let models = client.models(&ListModelsParams::default()).await?.models;
    println!("models: {}", models.iter().map(|model| &*model.id).collect::<Vec<_>>().join(", "));
    if client.supports("provider/countTokens") {
        let params = CountTokensParams { prompt: question.clone(), ..Default::default() };
        println!("tokens: {}", client.count(&params).await?.tokens);
    }
    let mut answer = client.stream(CompleteParams { prompt: question.clone(), ..Default::default() });
    while let Some(piece) = answer.next().await {
        if let Delta::Text { text } = piece {
            println!("piece: {text}");
        }
    }
    println!("answer: {}", answer.result().await?.message.text);
    let wrong = CompleteParams { prompt: question, model: Some("gone".into()), ..Default::default() };
    if let Err(error) = client.complete(&wrong).await {
        println!("error: {:?}: {error}; {}", error.kind(), error.remedy().unwrap_or_default());
    }
    println!("calls: {}", client.usage(&UsageReportParams::default()).await?.total.calls);
    client.close().await
}
