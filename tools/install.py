"""What ``./setup`` and ``setup.ps1`` do once they have found a Python; see the comments there.

Runs on a bare machine: the standard library is all there is, and of that neither pip nor ensurepip need be.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # not installed yet

from formcheck.machine.system import missing_libraries  # noqa: E402 - needs the line before

ENVIRONMENT = ROOT / ".venv"
PROGRAMS = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
SUFFIX = ".exe" if os.name == "nt" else ""
#: Debian's packages without which some tests skip, and a file or program of each.
FOR_TESTS = {
    "libgl1-mesa-dri": "/usr/lib/*-linux-gnu/dri",
    "libfribidi0": "/usr/lib/*-linux-gnu/libfribidi.so.0",
    "strace": "strace",
    "xvfb": "Xvfb",
    "xdotool": "xdotool",
    "chromium": "chromium",
    "espeak-ng": "espeak-ng",
}


def main() -> int:
    """Install as the command line says; the exit code of what is run last."""
    extras = sys.argv[1] if len(sys.argv) > 1 else ""
    is_for_developers = "dev" in extras.split(",") or extras == "system"
    _system_packages(needed_packages(), _missing_for_tests() if is_for_developers else [])
    if extras == "system":
        return 0
    _make_environment()
    if {"web", "dev"} & set(extras.split(",")):
        _take_browser_code()
    _install(extras)
    print(_offer_command())
    if is_for_developers:
        return _run([_program("python"), "-m", "pytest"])
    return 0 if extras else _run([_program("formcheck"), "demo"])


def needed_packages() -> list[str]:
    """Debian's packages that are missing for pip, and those of the missing libraries."""
    pip = [] if find_spec("ensurepip") else [f"python{sys.version_info.major}.{sys.version_info.minor}-venv"]
    return pip + [library.package for library in missing_libraries()]


def _missing_for_tests() -> list[str]:
    if not sys.platform.startswith("linux"):
        return []
    found = {"/": lambda sign: any(Path("/").glob(sign[1:]))}
    return [name for name, sign in FOR_TESTS.items() if not found.get(sign[0], shutil.which)(sign)]


def _system_packages(needed: list[str], for_tests: list[str]) -> None:
    """Install them where this user may; else say which command does, and end if it cannot be done without."""
    if not needed and not for_tests:
        return
    if shutil.which("apt-get") is None:
        if needed:
            fail(f"missing on this system (by Debian's names): {' '.join(needed)}; install what holds them")
        return
    if os.geteuid() == 0:
        _apt_get("update", "-qq")
        for wanted in (needed, for_tests):
            if wanted:
                print("installing", *wanted, flush=True)
                failed = _apt_get("install", "-y", "-qq", "--no-install-recommends", *wanted)
                if failed and wanted is needed:
                    fail("the system packages could not be installed; apt-get says why above")
        return
    command = f"sudo sh -c 'apt-get update && apt-get install -y {' '.join(needed + for_tests)}'"
    if needed:
        fail(f"system packages are missing; type this, and then the same again:\n{command}")
    print(f"some tests will be skipped without these packages:\n{command}")


def _apt_get(*arguments: str) -> int:
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
    return subprocess.run(
        ["apt-get", *arguments], env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"}, check=False, **quiet
    ).returncode


def _make_environment() -> None:
    """A virtual environment with pip; one that works stays, one that was broken off is made anew."""
    if _program("python").exists() and _run([_program("python"), "-m", "pip", "--version"], quiet=True) == 0:
        return
    if _run([sys.executable, "-m", "venv", "--clear", ENVIRONMENT]):
        fail(f"Python {sys.version.split()[0]} cannot make a virtual environment; it says why above")


def _take_browser_code() -> None:
    """What finds joints in the browser, before the wheel is built; without it the server looks at pictures."""
    if _run([sys.executable, ROOT / "tools" / "browser.py"]):
        print("note: the pages will send pictures to the server; nothing else depends on it", flush=True)


def _install(extras: str) -> None:
    what = [f".[{extras}]"] if extras else ["."]
    if "dev" in extras.split(","):
        what.insert(0, "-e")
    tested = ["-c", "constraints.txt"] if (ROOT / "constraints.txt").is_file() else []
    print("installing formcheck and what it needs, about 1 GB on the disk; this takes some minutes", flush=True)
    if _run([_program("python"), "-m", "pip", "install", "--disable-pip-version-check", *tested, *what]):
        fail("pip could not install formcheck; it says why above")


def _offer_command() -> str:
    """Put ``formcheck`` into a folder of the path; how to call it."""
    program = _program("formcheck")
    folders = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    own = _own_folders()
    folder = next((folder for folder in own if folder in folders and os.access(folder, os.W_OK)), own[0])
    command = folder / ("formcheck.cmd" if os.name == "nt" else "formcheck")
    if command.exists() and not _is_ours(command):
        return f"{command} is another program and stays; call this one as {program}"
    folder.mkdir(parents=True, exist_ok=True)
    command.unlink(missing_ok=True)
    if os.name == "nt":
        command.write_text(f'@"{program}" %*\n', encoding="utf-8")
    else:
        command.symlink_to(program)
    if folder in folders:
        return "installed: the command is formcheck"
    return (
        f"installed: the command is formcheck, in {folder}, which is not in the path of this terminal; type\n"
        f"export PATH={shlex.quote(str(folder))}:$PATH"
    )


def _own_folders() -> list[Path]:
    """Where a user's commands may stand, the best first."""
    if os.name == "nt":  # Windows makes this one, and has it in every user's path
        return [Path(os.environ["LOCALAPPDATA"]) / "Microsoft" / "WindowsApps"]
    home = Path.home()
    return [home / ".local" / "bin", home / "bin", Path("/usr/local/bin"), Path("/opt/homebrew/bin")]


def _is_ours(command: Path) -> bool:
    if os.name == "nt":
        return ".venv" in command.read_text(encoding="utf-8", errors="replace")
    return command.is_symlink() and ".venv" in command.readlink().parts


def _program(name: str) -> Path:
    return PROGRAMS / f"{name}{SUFFIX}"


def _run(command: list[str | Path], *, quiet: bool = False) -> int:
    sink = subprocess.DEVNULL if quiet else None
    return subprocess.run(command, cwd=ROOT, stdout=sink, stderr=sink, check=False).returncode


def fail(message: str) -> NoReturn:
    """End with one line, or two where the second is to be typed."""
    sys.exit(f"error: {message}")


if __name__ == "__main__":
    sys.exit(main())
