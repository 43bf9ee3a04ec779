//! What the proxy answers where a check has scripted nothing else.

use serde_json::{Value, json};

use super::{Answer, MODEL_INFO, NAMES, Request};
use crate::check::MODELS;

/// The usual answer to a request that is no chat.
pub(super) fn answer(request: &Request) -> Answer {
    match request.route.as_str() {
        "GET /health/liveliness" => Answer::json(200, &json!("I'm alive!")),
        NAMES => {
            let model = |id: &&str| json!({"id": id, "object": "model", "created": 1, "owned_by": "openai"});
            Answer::json(
                200,
                &json!({"object": "list", "data": MODELS.iter().map(model).collect::<Vec<_>>()}),
            )
        }
        MODEL_INFO => Answer::json(200, &json!({"data": MODELS.map(model)})),
        "POST /utils/token_counter" => {
            Answer::json(200, &json!({"total_tokens": 7, "tokenizer_type": "openai_tokenizer"}))
        }
        _ => Answer::json(404, &json!({"detail": "Not Found"})),
    }
}

/// A model as LiteLLM describes it. The prices are such that sums of them have long tails in binary.
fn model(name: &str) -> Value {
    json!({
        "model_name": name,
        "litellm_params": {"model": format!("openai/{name}")},
        "model_info": {
            "id": format!("deployment-of-{name}"), "mode": "chat", "litellm_provider": "openai",
            "max_input_tokens": 128_000, "max_output_tokens": 16_384, "max_tokens": 16_384,
            "input_cost_per_token": 1.1e-7, "output_cost_per_token": 7e-7,
            "supports_function_calling": true, "supports_vision": false,
        }
    })
}
