"""Records commands in a terminal of 80 columns and draws what they printed: docs/try.svg and docs/ask.svg.

    cargo build --release && python3 docs/record.py [PROGRAM]

The pictures are of real runs: a proxy that answers already is used, else the demo proxy is started. Colours are those
that the program printed; the picture follows the reader's light or dark scheme. Paths below the home folder are shown
as `~`.
"""

import fcntl
import html
import os
import pty
import re
import struct
import sys
import termios
import unicodedata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "target" / "release" / "litellm-ls").resolve()

COLUMNS, ROWS = 80, 40
CELL, LINE, BLANK = 8.4, 20, 10  # pixels: width of a character, height of a line and of an empty one
MARGIN, BAR = 20, 32  # pixels: around the text, and the window's title bar

# Each picture: its file, what it shows, and the commands.
PICTURES = [
    ("try.svg", "A terminal in which `litellm-ls try` lists the models of a proxy and streams an answer", ["litellm-ls try"]),
    (
        "ask.svg",
        "A terminal in which models are listed by vendor, and one answers with code and its cost",
        ["litellm-ls models --sort price", 'litellm-ls complete -m demo-code "A hello world in Rust"'],
    ),
]

# The colours of a terminal that the program uses, and what each is filled with in a light and in a dark scheme.
COLOURS = {
    "window": ("#ffffff", "#0d1117"),
    "bar": ("#f3f4f6", "#161b22"),
    "edge": ("#d0d7de", "#30363d"),
    "text": ("#24292f", "#e6edf3"),
    "faint": ("#656d76", "#8b949e"),
    "red": ("#cf222e", "#ff7b72"),
    "green": ("#1a7f37", "#56d364"),
    "yellow": ("#9a6700", "#e3b341"),
    "cyan": ("#1b7c83", "#76e3ea"),
}
CLASSES = {"1": "strong", "2": "faint", "3": "slanted", "31": "red", "32": "green", "33": "yellow", "36": "cyan"}
FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', 'DejaVu Sans Mono', monospace"


def main():
    """Records, draws and writes."""
    for name, title, commands in PICTURES:
        lines = [line for command in commands for line in [f"\x1b[2m$ \x1b[0m\x1b[1m{command}\x1b[0m", *printed(command), ""]]
        while not lines[-1]:
            lines.pop()
        (ROOT / "docs" / name).write_text(draw(title, lines), encoding="utf-8")


def printed(command):
    """The lines that a command prints in a terminal, with their colours."""
    pid, terminal = pty.fork()
    if pid == 0:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        os.environ.update(TERM="xterm-256color", PATH=f"{PROGRAM.parent}:{os.environ['PATH']}")
        os.environ.pop("NO_COLOR", None)
        os.execvp("sh", ["sh", "-c", command])
    written = b""
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # how Linux says that the program has closed it
            break
        if not piece:
            break
        written += piece
    if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]):
        sys.exit(f"`{command}` failed:\n{written.decode()}")
    text = written.decode().replace("\r\n", "\n").replace(str(Path.home()), "~").rstrip("\n")
    # What draws over itself, such as a bar of progress, is gone at the end.
    lines = [line.rsplit("\r", 1)[-1].replace("\x1b[2K", "") for line in text.split("\n")]
    text = "\n".join(lines).partition("\nNext:")[0].rstrip("\n")
    return continued(text.split("\n"))


def continued(lines):
    """The lines, with the colour that a line ended in carried to the next."""
    carried = ""
    for line in lines:
        line = carried + line
        codes = re.findall(r"\x1b\[([\d;]*)m", line)
        carried = f"\x1b[{codes[-1]}m" if codes and codes[-1] not in ("", "0") else ""
        yield line


def draw(title, lines):
    """The picture."""
    rows, y = [], BAR + 8
    for line in lines:
        is_empty = not re.sub(r"\x1b\[[\d;]*m", "", line).strip()
        y += BLANK if is_empty else LINE
        if not is_empty:
            rows.append(row(y, line))
    width, height = COLUMNS * CELL + 2 * MARGIN, y + MARGIN
    dots = "".join(f'<circle class="edge" cx="{x}" cy="{BAR / 2:g}" r="5.5"/>' for x in (20, 38, 56))
    light, dark = (" ".join(f".{name} {{ fill: {pair[n]}; }}" for name, pair in COLOURS.items()) for n in (0, 1))
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}">',
        f"<title>{html.escape(title)}</title>",
        "<style>",
        f"text {{ font-family: {FONT}; font-size: 14px; }} .strong {{ font-weight: 600; }} .slanted {{ font-style: italic; }}",
        light,
        f"@media (prefers-color-scheme: dark) {{ {dark} }}",
        "</style>",
        f'<rect class="edge" width="{width:g}" height="{height:g}" rx="9"/>',
        f'<rect class="window" x="1" y="1" width="{width - 2:g}" height="{height - 2:g}" rx="8"/>',
        f'<path class="bar" d="M1 {BAR}V9a8 8 0 0 1 8-8H{width - 9:g}a8 8 0 0 1 8 8V{BAR}Z"/>',
        f'<rect class="edge" y="{BAR}" width="{width:g}" height="1"/>',
        dots,
        *rows,
        "</svg>\n",
    ])


def row(y, line):
    """One line, a piece for each colour. Its length is stated, so that columns stand in line in every font."""
    pieces, column, style = [], 0, ""
    for part in re.split(r"(\x1b\[[\d;]*m)", line):
        codes = re.fullmatch(r"\x1b\[([\d;]*)m", part)
        if codes:
            style = CLASSES.get(codes[1], "")
            continue
        text = part.lstrip(" ")
        column += len(part) - len(text)
        if text.rstrip(" "):
            shown = text.rstrip(" ")
            # Hard spaces, for the viewers that join soft ones.
            escaped = html.escape(shown, quote=False).replace(" ", "\u00a0")
            pieces.append(
                f'<text class="text {style}" x="{MARGIN + column * CELL:g}" y="{y:g}" textLength="{width(shown) * CELL:g}">{escaped}</text>'
            )
        column += width(text)
    return "".join(pieces)


def width(text):
    """Columns of a text."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


if __name__ == "__main__":
    main()
