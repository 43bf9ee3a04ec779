"""What datamodel-code-generator makes of the schema: models that take every example.

check.py PROTOCOL MODELS
"""

import importlib.util
import json
import py_compile
import sys
from pathlib import Path

protocol, models = map(Path, sys.argv[1:])
py_compile.compile(str(models), doraise=True)
spec = importlib.util.spec_from_file_location("models", models)
made = importlib.util.module_from_spec(spec)
sys.modules["models"] = made
spec.loader.exec_module(made)

examples = sorted((protocol / "examples").glob("*.json"))
for example in examples:
    message = json.loads(example.read_text(encoding="utf-8"))
    from_client = "method" in message and "id" in message
    kind = made.ClientMessage if from_client else made.ServerMessage
    read = kind.model_validate(message)
    assert type(read.root).__name__ != "ErrorResponse" or "error" in message, example

params = made.CompleteParams(prompt="Hi", maxTokens=5)
assert params.model_dump(exclude_none=True) == {"prompt": "Hi", "maxTokens": 5}
try:
    made.ListModelsParams(limit=0)
except ValueError:
    print(f"{len(examples)} examples")
