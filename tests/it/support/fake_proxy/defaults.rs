//! What a fake proxy answers without a script.

use serde_json::{Value, json};

use super::{Answer, FakeProxy, Request};

/// Makes it a small working proxy.
pub(super) fn fill(proxy: &FakeProxy) {
    proxy.on("GET /health/liveliness").always(Answer::json(200, &json!("I'm alive!")));
    proxy.on("GET /v1/models").always(Answer::json(200, &models()));
    proxy.on("GET /v1/model/info").always(Answer::json(200, &model_info()));
    proxy.on("POST /v1/chat/completions").always_with(chat);
}

fn models() -> Value {
    let model = |id| json!({"id": id, "object": "model", "created": 1_677_610_602, "owned_by": "openai"});
    json!({"object": "list", "data": [model("gpt"), model("claude")]})
}

fn model_info() -> Value {
    json!({"data": [
        {
            "model_name": "gpt",
            "litellm_params": {"model": "openai/gpt-4o-mini"},
            "model_info": {
                "id": "deployment-1", "mode": "chat", "litellm_provider": "openai",
                "max_input_tokens": 128_000, "max_output_tokens": 16_384, "max_tokens": 16_384,
                "input_cost_per_token": 1.5e-7, "output_cost_per_token": 6e-7,
                "supports_function_calling": true, "supports_vision": true, "supports_prompt_caching": false
            }
        },
        {
            "model_name": "claude",
            "litellm_params": {"model": "anthropic/claude-sonnet-4-5"},
            "model_info": {
                "id": "deployment-2", "mode": "chat", "litellm_provider": "anthropic",
                "max_input_tokens": 200_000, "max_output_tokens": 64_000, "max_tokens": 64_000,
                "input_cost_per_token": 3e-6, "output_cost_per_token": 1.5e-5,
                "cache_creation_input_token_cost": 3.75e-6, "cache_read_input_token_cost": 3e-7,
                "supports_function_calling": true, "supports_vision": true, "supports_prompt_caching": true,
                "supports_reasoning": true, "deprecation_date": "2099-12-31"
            }
        }
    ]})
}

fn chat(request: &Request) -> Answer {
    let usage = json!({"prompt_tokens": 10, "completion_tokens": 2, "total_tokens": 12});
    let body = request.json();
    if body["stream"] == true {
        let answer = Answer::stream()
            .delta(json!({"role": "assistant", "content": ""}))
            .text("Hello")
            .text(" there")
            .finish("stop");
        let usage_asked = body["stream_options"]["include_usage"] == true;
        return if usage_asked { answer.usage(usage).done() } else { answer.done() };
    }
    let message = json!({"role": "assistant", "content": "Hello there"});
    let choice = json!({"index": 0, "finish_reason": "stop", "message": message});
    let answer = json!({"id": "chatcmpl-1", "object": "chat.completion", "model": body["model"], "choices": [choice], "usage": usage});
    Answer::json(200, &answer)
}
