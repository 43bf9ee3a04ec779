"""An editor in a terminal of its own: keys go in, and its screen is read back."""

import subprocess
import sys
import time

DEADLINE = 30


class Terminal:
    """A tmux with one window. `environment` is called for each start, so that it may change between."""

    def __init__(self, home, environment):
        self.home = home
        self.environment = environment

    def tmux(self, *words):
        socket = ["tmux", "-S", str(self.home / "tmux"), "-f", "/dev/null"]
        return subprocess.run([*socket, *words], capture_output=True, text=True, env=self.environment()).stdout

    def start(self, command, columns, lines):
        size = ["-x", str(columns), "-y", str(lines)]

        def new():
            self.tmux("new-session", "-d", "-s", "editor", *size, "-c", str(self.home), command)

        # A tmux that is about to end takes no session.
        self.again_until("a terminal", new, lambda: "editor" in self.tmux("list-sessions", "-F", "#{session_name}"))

    def pid(self):
        return int(self.tmux("list-panes", "-t", "editor", "-F", "#{pane_pid}"))

    def kill(self):
        self.tmux("kill-session", "-t", "editor")

    def end(self):
        self.tmux("kill-server")

    def screen(self):
        return self.tmux("capture-pane", "-p", "-t", "editor")

    def press(self, *keys):
        for key in keys:
            self.tmux("send-keys", "-t", "editor", key)
            # As slowly as fingers: an Escape and a key that come at once are another key.
            time.sleep(0.06)

    def write(self, text):
        self.tmux("send-keys", "-l", "-t", "editor", text)

    def until(self, what, ready):
        """Waits for a step of the session."""
        self.until_shown(what, ready)
        print("  " + what)

    def until_shown(self, what, ready):
        """Waits for something, and says what the screen showed where it does not come."""
        end = time.monotonic() + DEADLINE
        while not ready():
            if time.monotonic() > end:
                self.fail(f"{what}: did not happen")
            time.sleep(0.05)

    def shows(self, what, *texts):
        self.until(what, lambda: all(text in self.screen() for text in texts))

    def again_until(self, what, act, ready):
        """Does something, again every second until it has worked: a server just started may not be ready."""
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            act()
            again = time.monotonic() + 1
            while time.monotonic() < again:
                if ready():
                    return
                time.sleep(0.05)
        self.fail(f"{what}: did not happen")

    def fail(self, why):
        sys.exit(f"{why}. The screen:\n{self.screen()}")
