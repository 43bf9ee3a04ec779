"""Stands for LiteLLM where a test is about who starts it: lists the models that a configuration names, at once.

Comments of the configuration say what else it does: `# log: TEXT` prints a line, `# drop: NAME` leaves a model out,
`# die: TEXT` ends the start with it.
"""

import os
import sys

import uvicorn


def said(lines, mark):
    return [line.split(mark, 1)[1].strip() for line in lines if mark in line]


def run_server():
    with open(sys.argv[sys.argv.index("--config") + 1], encoding="utf-8") as file:
        lines = [line.replace('"', "").rstrip(",\n") for line in file]
    for line in said(lines, "# log:"):
        print(line, file=sys.stderr, flush=True)
    for line in said(lines, "# die:"):
        print(f"Traceback (most recent call last):\n  File \"x.py\", line 1, in y\n{line}", file=sys.stderr, flush=True)
        sys.exit(3)
    dropped = said(lines, "# drop:")
    names = [name for name in said(lines, "model_name:") if name not in dropped]
    own = [os.path.expandvars(key.replace("os.environ/", "$")) for key in said(lines, "master_key:")]
    uvicorn.run({"models": names, "key": (own or [os.environ["LITELLM_MASTER_KEY"]])[0]})
