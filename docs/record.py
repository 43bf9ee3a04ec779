"""Records `litellm-ls try` and draws it as docs/try.svg, which follows the reader's light or dark scheme.

    cargo build --release && target/release/litellm-ls proxy stop; python3 docs/record.py

A proxy that answers already would be used, and the picture is that of a first run.
The picture shows what the program printed, up to the end of the model's answer. Paths below the data folder are shown
as most users have them, and long lines are broken between words.
"""

import html
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "target" / "release" / "litellm-ls"
PICTURE = ROOT / "docs" / "try.svg"

COLUMNS = 124
CELL, LINE, BLANK = 7.8, 19, 10  # pixels: width of a character, height of a line and of an empty one
MARGIN, BAR = 22, 34  # pixels: around the text, and the window's title bar

# What a part of a line is drawn as; the first pattern that matches it wins.
STYLES = [
    ("faint", r"^\$ |^MODEL .*|^\[.*\]$|^\(The first.*|^\d+ models\..*|->"),
    ("strong", r"(?<=^\$ ).*|^demo-[a-z]+(?= )|litellm-ls (?:models|proxy stop)$"),
    ("method", r"(?<=^  )(?:provider/\w+|initialize)"),
    ("good", r"(?<=^  )ok(?= )|(?<= is )ready"),
    ("bad", r"(?<=^  )(?:warning|failed)(?= )"),
    ("address", r"https?://[\w.:/-]+"),
    ("quote", r'(?<=  )".*"$'),
]

# What each class is filled with, in a light and in a dark scheme.
COLOURS = {
    "window": ("#ffffff", "#0d1117"),
    "bar": ("#f3f4f6", "#161b22"),
    "edge": ("#d0d7de", "#30363d"),
    "text": ("#24292f", "#e6edf3"),
    "faint": ("#656d76", "#8b949e"),
    "method": ("#8250df", "#d2a8ff"),
    "good": ("#1a7f37", "#56d364"),
    "bad": ("#9a6700", "#e3b341"),
    "address": ("#0969da", "#79c0ff"),
    "quote": ("#953800", "#ffa657"),
}
FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', 'DejaVu Sans Mono', monospace"


def main():
    """Records, draws and writes."""
    PICTURE.write_text(draw(wrapped(recorded())), encoding="utf-8")


def recorded():
    """Runs the program, and returns the lines of a terminal in which it ran."""
    run = subprocess.run([PROGRAM, "try"], stdout=subprocess.PIPE, encoding="utf-8", check=True)
    shown, found, _ = run.stdout.partition("\nThat was all of it.")
    if not found:
        sys.exit("`litellm-ls try` ends in other words now: correct this script")
    data = os.environ.get("LITELLM_LS_DATA_DIR")
    if data:
        shown = shown.replace(str(Path(data).absolute()), "~/.local/share/litellm-ls")
    return ["$ litellm-ls try", *shown.replace(str(Path.home()), "~").splitlines()]


def wrapped(lines):
    """The lines as they fit into the window."""
    return [piece for line in lines for piece in (textwrap.wrap(line, COLUMNS) if len(line) > COLUMNS else [line])]


def draw(lines):
    """The picture."""
    rows, y = [], BAR + 8
    for line in lines:
        y += LINE if line else BLANK
        if line:
            rows.append(row(y, line))
    width, height = COLUMNS * CELL + 2 * MARGIN, y + MARGIN
    dots = "".join(f'<circle class="edge" cx="{x}" cy="{BAR / 2:g}" r="5.5"/>' for x in (20, 38, 56))
    light, dark = (" ".join(f".{name} {{ fill: {pair[n]}; }}" for name, pair in COLOURS.items()) for n in (0, 1))
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}">',
        "<title>A terminal in which `litellm-ls try` starts a proxy, lists its models and streams an answer</title>",
        "<style>",
        f"text {{ font-family: {FONT}; font-size: 13px; }} .strong {{ font-weight: 600; }}",
        light,
        f"@media (prefers-color-scheme: dark) {{ {dark} }}",
        "</style>",
        f'<rect class="edge" width="{width:g}" height="{height:g}" rx="9"/>',
        f'<rect class="window" x="1" y="1" width="{width - 2:g}" height="{height - 2:g}" rx="8"/>',
        f'<path class="bar" d="M1 {BAR}V9a8 8 0 0 1 8-8H{width - 9:g}a8 8 0 0 1 8 8V{BAR}Z"/>',
        f'<rect class="edge" y="{BAR}" width="{width:g}" height="1"/>',
        dots,
        f'<text class="faint" x="{width / 2:g}" y="{BAR / 2 + 4:g}" text-anchor="middle">litellm-ls</text>',
        *rows,
        "</svg>\n",
    ])


def row(y, line):
    """One line. Its length is stated, so that columns stand in line whatever font the reader has."""
    text = line.lstrip()
    x, length = MARGIN + (len(line) - len(text)) * CELL, len(text) * CELL
    return f'<text class="text" x="{x:g}" y="{y:g}" textLength="{length:g}">{"".join(pieces(line)).lstrip()}</text>'


def pieces(line):
    """The line in pieces of one style each."""
    styles = [None] * len(line)
    for style, pattern in STYLES:
        for match in re.finditer(pattern, line):
            for at in range(*match.span()):
                styles[at] = styles[at] or style
    start = 0
    for end in range(1, len(line) + 1):
        if end == len(line) or styles[end] != styles[start]:
            # Hard spaces, for the viewers that join soft ones.
            text = html.escape(line[start:end], quote=False).replace(" ", "\u00a0")
            yield f'<tspan class="{styles[start]}">{text}</tspan>' if styles[start] else text
            start = end


if __name__ == "__main__":
    main()
