"""A bot for Telegram in front of Beesender Support: it shows texts and sends answers.

Everything else is decided by ``intake.converse``: what is asked, what an answer means,
what is promised. The bot keeps nothing but what somebody says before they share their
phone, and that in memory: after a restart they say it again. README.md says how it is set
up and what it promises.
"""

import asyncio
import base64
import logging
import os
from collections.abc import Collection
from typing import Any

import httpx
from telegram import (
    Document,
    KeyboardButton,
    Message,
    PhotoSize,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
    Video,
)
from telegram.constants import MessageLimit
from telegram.error import TelegramError
from telegram.ext import Application, ContextTypes, MessageHandler, filters

TOKEN = os.environ["TELEGRAM_TOKEN"]
# Where Beesender Support is, and API_KEY:API_SECRET of the bot's user there.
SITE, KEY = os.environ["INTAKE_URL"].rstrip("/"), os.environ["INTAKE_KEY"]
# Where the site is reached by another name than its own.
HOST = os.environ.get("INTAKE_HOST")
CHANNEL = os.environ.get("INTAKE_CHANNEL", "chatbot")
TELEGRAM = os.environ.get("TELEGRAM_API", "https://api.telegram.org").rstrip("/")
CONVERSE = f"{SITE}/api/method/beesender_support.api.intake.converse"
# The intake takes no larger ones.
BYTES_PER_FILE = 5 * 1024 * 1024
BYTES_OF_ALL_FILES = 10 * 1024 * 1024
# Messages of somebody whose phone is not known yet.
MOST_WAITING = 10
ATTEMPTS, PAUSE = 4, float(os.environ.get("INTAKE_PAUSE", "5"))

# All that the bot says itself; the rest comes from the site.
WORDS = {
    "en": {
        "phone": "Share your phone number, so that support knows who asks.",
        "share": "Share my phone number",
        "full": "Share your phone number first, and then send this again.",
        "not_yours": "That is somebody else's number. Please use the button below.",
        "another": "This chat was begun with another number. Please write to support.",
        "too_large": "A file may have 5 MB. Please send a smaller one.",
        "unreachable": "Support cannot be reached at the moment. Please send it again.",
    },
    "ru": {
        "phone": "Поделитесь номером телефона, чтобы поддержка знала, кто обращается.",
        "share": "Поделиться номером",
        "full": "Сначала поделитесь номером телефона, а потом пришлите это ещё раз.",
        "not_yours": "Это чужой номер. Пожалуйста, воспользуйтесь кнопкой ниже.",
        "another": "Этот чат начат с другим номером. Пожалуйста, напишите в поддержку.",
        "too_large": "Файл может занимать 5 МБ. Пожалуйста, пришлите файл поменьше.",
        "unreachable": "Поддержка сейчас недоступна. Пожалуйста, пришлите ещё раз.",
    },
}


class Refused(Exception):
    """The intake did not take a message: ``errors`` say why."""

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__(errors)
        self.errors = errors

    def says(self, field: str, rule: str) -> bool:
        return any((e["field"], e["rule"]) == (field, rule) for e in self.errors)


async def hear(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """What is said in one chat is passed on one after the other, and no chat waits for
    another."""
    async with context.chat_data.setdefault("lock", asyncio.Lock()):
        await pass_on(update.effective_message, context)


async def pass_on(message: Message, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Send what a person said, and show what is answered."""
    words = WORDS[language_of(message)]
    waiting: dict[int, Message] = context.user_data.setdefault("waiting", {})
    try:
        said = await payload_of(message, list(waiting.values()))
        answer = await converse(context.bot_data["http"], said)
        waiting.clear()
        await show(message, answer)
    except NotTheirs:
        await ask_for_phone(message, words["not_yours"])
    except TooLarge:
        await message.reply_text(words["too_large"])
    except Refused as refused:
        if refused.says("contact_phone", "missing"):
            # What they said first begins their request.
            together = {**waiting, message.message_id: message}
            if has_room(together.values()):
                waiting.update(together)
                await ask_for_phone(message, words["phone"])
            else:
                await ask_for_phone(message, words["full"])
        elif refused.says("contact_phone", "another_sender"):
            await message.reply_text(words["another"])
        else:
            await message.reply_text("\n".join(e["message"] for e in refused.errors))
    except (httpx.HTTPError, TelegramError, ValueError):
        logging.exception("a message was not passed on")
        await message.reply_text(words["unreachable"])


class NotTheirs(Exception):
    """A contact of somebody else, or one without an account, which proves nothing."""


class TooLarge(Exception):
    pass


def has_room(messages: Collection[Message]) -> bool:
    """Whether the intake takes these as one."""
    files = [found for each in messages if (found := file_in(each))]
    size = sum(each.file_size or 0 for each in files)
    return len(messages) <= MOST_WAITING and size <= BYTES_OF_ALL_FILES


async def payload_of(message: Message, waiting: list[Message]) -> dict[str, Any]:
    """A message as ``converse`` takes it; whoever shares their phone says with it all
    that waited for that."""
    said: dict[str, Any] = {
        # Telegram numbers messages within a chat; a private chat is one person's.
        "external_id": f"telegram-{message.chat_id}",
        "message_id": str(message.message_id),
        "channel": CHANNEL,
        "language": language_of(message),
        "answer": text_of(message),
    }
    parts = [message]
    if contact := message.contact:
        # Anybody can send anybody's contact. Telegram has verified the number of an
        # account alone, and says by the same id that it is theirs.
        if contact.user_id != message.from_user.id:
            raise NotTheirs
        said["contact_phone"] = "+" + contact.phone_number.lstrip("+")
        parts = waiting
        texts = [text_of(each) for each in waiting]
        # A command of Telegram's, such as /start, says nothing.
        said["answer"] = "\n".join(
            text for text in texts if text and not text.startswith("/")
        )
    attached = [await attachment_of(each) for each in parts]
    said["attachments"] = [each for each in attached if each]
    return said


def text_of(message: Message) -> str:
    return message.text or message.caption or ""


def file_in(message: Message) -> Document | Video | PhotoSize | None:
    """Of a picture the largest size."""
    return message.document or message.video or (message.photo or [None])[-1]


async def attachment_of(message: Message) -> dict[str, str] | None:
    """The file that came with a message."""
    found = file_in(message)
    if found is None:
        return None
    if (found.file_size or 0) > BYTES_PER_FILE:
        raise TooLarge
    file = await found.get_file()
    content = bytes(await file.download_as_bytearray())
    ending = "mp4" if message.video else "jpg"
    name = getattr(found, "file_name", None) or f"{message.message_id}.{ending}"
    return {"file_name": name, "content_base64": base64.b64encode(content).decode()}


async def converse(http: httpx.AsyncClient, said: dict[str, Any]) -> dict[str, Any]:
    """The intake's answer. The same message again is no second step, so it is sent again
    after a lost connection, a fault of the site, or too many requests."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            answer = await http.post(CONVERSE, json=said)
            if answer.status_code == 422:
                raise Refused(answer.json()["errors"])
            answer.raise_for_status()
            return answer.json()["message"]
        except httpx.HTTPError as fault:
            is_lasting = isinstance(fault, httpx.HTTPStatusError) and (
                fault.response.status_code < 500 and fault.response.status_code != 429
            )
            if is_lasting or attempt == ATTEMPTS:
                raise
            await asyncio.sleep(PAUSE * attempt)
    raise AssertionError


async def show(message: Message, answer: dict[str, Any]) -> None:
    """The whole text, and a keyboard with what may be answered: its buttons send what
    stands on them, so one of an earlier question does no harm."""
    rows = [[each["label"]] for each in answer["choices"]]
    if commands := [each["label"] for each in answer["commands"]]:
        rows += [commands[start : start + 2] for start in range(0, len(commands), 2)]
    keyboard = (
        ReplyKeyboardMarkup(rows, resize_keyboard=True)
        if rows
        else ReplyKeyboardRemove()
    )
    text, most = answer["text"], MessageLimit.MAX_TEXT_LENGTH
    for start in range(0, len(text), most):
        await message.reply_text(text[start : start + most], reply_markup=keyboard)


async def ask_for_phone(message: Message, text: str) -> None:
    button = KeyboardButton(WORDS[language_of(message)]["share"], request_contact=True)
    keyboard = ReplyKeyboardMarkup(
        [[button]], resize_keyboard=True, one_time_keyboard=True
    )
    await message.reply_text(text, reply_markup=keyboard)


def language_of(message: Message) -> str:
    code = (message.from_user and message.from_user.language_code) or ""
    return "ru" if code.startswith("ru") else "en"


async def open_connection(application: Application) -> None:
    application.bot_data["http"] = httpx.AsyncClient(
        headers={
            "Authorization": f"token {KEY}",
            **({"Host": HOST} if HOST else {}),
        },
        timeout=60,
    )


async def close_connection(application: Application) -> None:
    await application.bot_data["http"].aclose()


def main() -> None:
    logging.basicConfig(level=logging.INFO)
    # Its lines name the address of each call, and that has the token.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    application = (
        Application.builder()
        .token(TOKEN)
        .concurrent_updates(True)
        .base_url(f"{TELEGRAM}/bot")
        .base_file_url(f"{TELEGRAM}/file/bot")
        .post_init(open_connection)
        .post_shutdown(close_connection)
        .build()
    )
    # New messages of private chats: whoever edits one has said the first already.
    is_private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    application.add_handler(MessageHandler(is_private, hear))
    application.run_polling(allowed_updates=[Update.MESSAGE])


if __name__ == "__main__":
    main()
