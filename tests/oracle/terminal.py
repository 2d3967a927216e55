"""Types passphrases at a terminal, and checks that they are asked for there and not echoed.

    terminal.py LOUP PASSPHRASE

Runs in a directory with an encrypted keyring `sealed.key`.
"""

import os
import pty
import select
import subprocess
import sys
import termios
import time

LIMIT = 60
LOCAL_FLAGS = 3


def at_terminal(command, answers, data=None):
    """Runs a command whose standard error is a terminal, and answers each prompt. `data` is its standard
    input, which is the terminal otherwise. Gives the exit code, standard output and the terminal."""
    controller, terminal = pty.openpty()

    def take_terminal():
        os.setsid()
        # The first terminal that a session opens is its own.
        os.close(os.open(os.ttyname(terminal), os.O_RDWR))

    child = subprocess.Popen(
        command,
        stdin=subprocess.PIPE if data is not None else terminal,
        stdout=subprocess.PIPE,
        stderr=terminal,
        preexec_fn=take_terminal,
    )
    os.close(terminal)
    if data is not None:
        child.stdin.write(data)
        child.stdin.close()
    screen, answers, until = b"", list(answers), time.monotonic() + LIMIT
    prompts = 0
    while child.poll() is None and time.monotonic() < until:
        if not select.select([controller], [], [], 0.05)[0]:
            continue
        try:
            screen += os.read(controller, 4096)
        except OSError:
            break
        if answers and screen.count(b": ") > prompts:
            prompts += 1
            # The prompt comes before the echo is turned off, and what was typed by then is dropped.
            while termios.tcgetattr(controller)[LOCAL_FLAGS] & termios.ECHO and child.poll() is None:
                time.sleep(0.01)
            os.write(controller, answers.pop(0).encode() + b"\n")
    # What it said last may still be on its way when it has ended.
    while select.select([controller], [], [], 0.5)[0]:
        try:
            screen += os.read(controller, 4096)
        except OSError:
            break
    out = child.stdout.read()
    return child.wait(LIMIT), out, screen


def main(loup, passphrase):
    faults = []

    def check(what, ended, code, said):
        exit_code, out, screen = ended
        if exit_code != code or said.encode() not in out + screen:
            faults.append(f"{what}: exit {exit_code}, {out!r}, {screen!r}")
        if passphrase.encode() in out + screen:
            faults.append(f"{what}: the passphrase is echoed")

    mask = [loup, "mask", "-", "--key-file", "sealed.key"]
    data = b"to jean.dupont@example.com\n"
    check("mask", at_terminal(mask, [passphrase], data), 0, "to eml1_z1etbtp9gdtf1gm7033k\n")
    check("wrong", at_terminal(mask, ["wrong"], data), 4, "the passphrase is wrong")
    check("empty", at_terminal(mask, [""], data), 4, "the passphrase is empty")
    rotate = [loup, "key", "rotate", "--key-file", "sealed.key"]
    check("rotate", at_terminal(rotate, [passphrase]), 0, "opens epoch 2")
    new = [loup, "key", "new", "--passphrase", "--out", "typed.key"]
    check("differ", at_terminal(new, [passphrase, "other"]), 4, "the two passphrases differ")
    check("new", at_terminal(new, [passphrase, passphrase]), 0, "in typed.key, encrypted")
    for fault in faults:
        print(fault, file=sys.stderr)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
