from litellm.integrations.custom_guardrail import CustomGuardrail


class MyGuard(CustomGuardrail):
    """Lets everything pass."""
