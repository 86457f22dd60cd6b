"""Takes the screenshots of the README: `uv run python tests/screenshots.py [FOLDER]`.

The command runs in a pseudo-terminal. The message is what the bot posts to the loopback Discord,
drawn by a page with the measures of Discord's client on a desktop and on a phone. Needs `chromium`
on the path.
"""

import asyncio
import html
import io
import os
import pty
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.terminal_theme import SVG_EXPORT_THEME
from rich.text import Text

from fakes.discord import LoopbackDiscord, Message

QUESTIONS = (
    "How many users does TikTok have in the United States?",
    "Did a judge stop the ban?",
    "Who is the chief executive of Huawei?",
)
COLUMNS = 92
DESKTOP, PHONE = 820, 390  # pixels

_PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; padding: 24px; background: {background} }}
{style}</style><body>{body}</body>"""

_TERMINAL = """
pre { margin: 0; padding: 18px 22px; border-radius: 10px; background: #16181d; color: #d6d9de;
      font: 13.5px/1.45 'DejaVu Sans Mono', monospace; white-space: pre }
a { color: inherit; text-decoration: none }
"""

_DISCORD = """
* { font-family: 'gg sans', 'Noto Sans', 'Liberation Sans', sans-serif; color: #dbdee1 }
.message { display: flex; gap: 16px; margin-bottom: 20px; font-size: 16px; line-height: 1.375 }
.face { flex: none; width: 40px; height: 40px; border-radius: 50%; background: #5865f2;
        text-align: center; line-height: 40px; color: #fff; font-weight: 600 }
.name { font-weight: 600; color: #f2f3f5 }
.app { font-size: 10px; background: #5865f2; color: #fff; border-radius: 3px; padding: 2px 4px;
       margin-left: 4px; vertical-align: middle }
.embed { background: #2b2d31; border-left: 4px solid; border-radius: 4px; padding: 10px 16px 12px;
         margin-top: 6px; max-width: 520px }
.title { color: #00a8fc; font-weight: 600; margin-bottom: 8px }
.quote { border-left: 4px solid #4e5058; border-radius: 2px; padding-left: 10px; font-size: 14px }
.quote b { color: #fff }
.footer { font-size: 12px; color: #949ba4; margin-top: 8px }
.row { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px }
.button { background: #4e5058; border-radius: 8px; padding: 6px 12px; font-size: 14px;
          font-weight: 500; color: #fff }
.disabled { opacity: 0.5 }
@media (max-width: 500px) {
  body { padding: 16px 12px !important }
  .message { gap: 12px }
  .embed { padding: 8px 12px 12px }
}
"""


def terminal_page(questions: tuple[str, ...]) -> str:
    """Render `questions` and their answers in a terminal as an HTML page."""
    shown = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    for question in questions:
        shown.print(Text.assemble(("$ ", "green"), f'clipdesk ask "{question}"'))
        shown.print(Text.from_ansi(_in_terminal("ask", question).rstrip()))
        shown.print()
    body = shown.export_html(
        theme=SVG_EXPORT_THEME, inline_styles=True, code_format="<pre>{code}</pre>"
    )
    return _PAGE.format(background="#fff", style=_TERMINAL, body=body)


def _in_terminal(*arguments: str) -> str:
    """Return the output of clipdesk in a pseudo-terminal."""
    leader, follower = pty.openpty()
    environment = {**os.environ, "COLUMNS": str(COLUMNS), "TERM": "xterm-256color"}
    command = [sys.executable, "-m", "bot", *arguments]
    with subprocess.Popen(command, stdout=follower, stderr=follower, env=environment) as process:
        os.close(follower)
        output = b""
        try:
            while chunk := os.read(leader, 65_536):
                output += chunk
        except OSError:  # on Linux, the other end is closed
            pass
        process.wait()
    os.close(leader)
    return output.decode().replace("\r\n", "\n")


async def discord_page(questions: tuple[str, ...]) -> str:
    """Render `questions` and their answers in a Discord channel as an HTML page."""
    parts = []
    async with LoopbackDiscord(application="clipdesk") as discord:
        guild = discord.add_guild("Newsroom")
        general = discord.add_channel(guild, "general")
        ada = discord.add_person("Ada", guild)
        environment = {
            **os.environ,
            "CLIPDESK_DISCORD_API": discord.api_url,
            "DISCORD_TOKEN": discord.token,
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", env=environment, stderr=subprocess.DEVNULL
        )
        await discord.ledger.event("READY")
        await asyncio.sleep(2)  # until the sample is indexed
        for question in questions:
            asked = ada.says(general, f"{discord.bot.mention} {question}")
            answer = await discord.ledger.reply(asked)
            parts += [_person("Ada", f"@clipdesk {question}"), _message(answer)]
        process.terminate()
        await process.wait()
    return _PAGE.format(background="#313338", style=_DISCORD, body="".join(parts))


def _person(name: str, text: str) -> str:
    return (
        f'<div class="message"><div class="face">{name[0]}</div><div>'
        f'<div class="name">{name}</div>{html.escape(text)}</div></div>'
    )


def _message(message: Message) -> str:
    embeds = "".join(
        f'<div class="embed" style="border-color: #{embed["color"]:06x}">'
        f'<div class="title">{_inline(embed["title"])}</div>{_quote(embed["description"])}'
        f'<div class="footer">{html.escape(embed["footer"]["text"])}</div></div>'
        for embed in message.embeds
    )
    return (
        '<div class="message"><div class="face" style="background: #2a7f62">c</div><div>'
        '<div class="name">clipdesk <span class="app">APP</span></div>'
        f"{_inline(message.content)}{embeds}{_buttons(message)}</div></div>"
    )


def _buttons(message: Message) -> str:
    """Render the buttons below a message; disabled ones are pale."""

    def draw(button: Mapping[str, Any]) -> str:
        kind = "button disabled" if button.get("disabled") else "button"
        return f'<div class="{kind}">{html.escape(button["label"])}</div>'

    return "".join(
        f'<div class="row">{"".join(map(draw, row["components"]))}</div>'
        for row in message.components
    )


def _quote(description: str) -> str:
    lines = "<br>".join(_inline(line.removeprefix("> ")) for line in description.split("\n"))
    return f'<div class="quote">{lines}</div>'


def _inline(markup: str) -> str:
    """Convert the Discord markup that clipdesk uses, bold and escapes, to HTML."""
    escaped = re.sub(r"\\([^0-9A-Za-z\s])", lambda match: f"&#{ord(match[1])};", markup)
    return re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", escaped, flags=re.DOTALL)


def shoot(page: str, picture: Path, width: int, height: int) -> None:
    """Draw a page to a PNG file; its size is in CSS pixels."""
    with TemporaryDirectory() as folder:
        source = Path(folder, "page.html")
        source.write_text(page, "utf-8")
        flags = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")
        more = (f"--user-data-dir={folder}/profile", "--disable-background-networking")
        size = (f"--window-size={width},{height}", "--force-device-scale-factor=1.5")
        target = f"--screenshot={picture}"
        command = ["chromium", *flags, *more, *size, target, source.as_uri()]
        subprocess.run(command, check=True, capture_output=True)


def main() -> None:
    """Take all screenshots."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[1] / ".github")
    page = asyncio.run(discord_page(QUESTIONS[:1]))
    shoot(page, folder.resolve() / "discord.png", DESKTOP, 640)
    shoot(page, folder.resolve() / "phone.png", PHONE, 850)
    page = terminal_page(QUESTIONS[1:])
    shoot(page, folder.resolve() / "terminal.png", DESKTOP, 20 * page.count("\n"))


if __name__ == "__main__":
    main()
