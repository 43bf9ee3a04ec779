"""The virtual keys of config_keys.yaml.

LiteLLM itself applies a key's limits, budget and list of models (in the lists, not in chats). That a key
has expired, or is unknown, or may not chat with a model, is for this function to say.
"""

from fastapi import Request
from litellm.proxy._types import ProxyException, UserAPIKeyAuth

KEYS = {
    "sk-tests-master": {"user_role": "proxy_admin"},
    "sk-limited": {"models": ["plain"]},
    # spent already; the call that finds it out is still let through
    "sk-budget": {"max_budget": 0.00001, "spend": 5.0},
    "sk-rpm": {"rpm_limit": 2},
}


async def check(request: Request, api_key: str) -> UserAPIKeyAuth:
    def refusal(kind, message):
        return ProxyException(message=message, type=kind, param=None, code=401)

    if api_key == "sk-expired":
        raise refusal("expired_key", "Authentication Error - Expired Key. Key Expiry time 2020-01-01 00:00:00+00:00")
    if api_key not in KEYS:
        raise refusal("token_not_found_in_db", "Authentication Error, Invalid proxy server token passed.")
    key = KEYS[api_key]
    if "models" in key and request.method == "POST":
        model = (await request.json()).get("model")
        if model not in key["models"]:
            models = key["models"]
            message = f"key not allowed to access model. This key can only access models={models}. Tried to access {model}"
            raise refusal("key_model_access_denied", message)
    return UserAPIKeyAuth(api_key=api_key, **key)
