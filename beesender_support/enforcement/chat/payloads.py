"""What the chatbot and the site widget send. Unknown fields and wrong types are refused."""

import base64
import binascii
import re
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal, TypeVar

import frappe
from frappe import _
from frappe.utils import validate_email_address
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
    field_serializer,
    field_validator,
)
from pydantic_core import PydanticCustomError

from beesender_support.enforcement.chat.caller import BadPayload
from beesender_support.enforcement.safety.rate_limit import Fault, refuse
from beesender_support.policy.mail.addresses import normalize_address
from beesender_support.policy.requests.impact import (
    is_rated_by_impact,
    option_named,
    options_of,
)
from beesender_support.policy.sold.categories import Category
from beesender_support.policy.sold.channels import CHATBOT, claimable
from beesender_support.records.sold import catalogue

MEGABYTE = 1024 * 1024
# Base64 adds a third; the whole still fits a database packet of 16 MB.
BYTES_PER_FILE = 5 * MEGABYTE
BYTES_OF_ALL_FILES = 10 * MEGABYTE
MOST_FILES = 10
MOST_CHARACTERS = 50_000
# Nothing that a browser would run when an agent opens it.
FILE_TYPES = (
    *("png", "jpg", "jpeg", "gif", "mp4", "mov"),
    *("pdf", "doc", "docx", "xls", "xlsx", "odt", "ods"),
    *("txt", "log", "csv"),
)
Value = TypeVar("Value")
# With an extension, perhaps.
_PHONE = re.compile(
    r"\+?[\d\s().-]{5,30}(?:[\s,;]*(?:ext\.?|доб\.?|x|#)[\s.:=]*\d{1,7})?",
    re.IGNORECASE,
)
_CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def _without_control_characters(text: str) -> str:
    """Line breaks and tabs stay."""
    cleaned = _CONTROL_CHARACTERS.sub("", text.replace("\r\n", "\n"))
    if not cleaned.strip():
        raise PydanticCustomError("empty", _("Give some text"))
    return cleaned


def _one_line(text: str) -> str:
    return " ".join(_without_control_characters(text).split())


def _file_name(name: str) -> str:
    """Not a path, and of a type that agents may open."""
    if _CONTROL_CHARACTERS.search(name) or re.search(r"[/\\]", name):
        raise PydanticCustomError("not_a_file_name", _("Give a name without a path"))
    if PurePosixPath(name).suffix.lower().lstrip(".") not in FILE_TYPES:
        raise PydanticCustomError(
            "file_type", _("Allowed: {allowed}"), {"allowed": ", ".join(FILE_TYPES)}
        )
    return name


def _decoded(content: Any) -> bytes:
    try:
        decoded = base64.b64decode(content, validate=True)
    except (TypeError, ValueError, binascii.Error) as error:
        raise PydanticCustomError("not_base64", _("Give base64 text")) from error
    if not decoded:
        raise PydanticCustomError("empty", _("Give a file that is not empty"))
    return _within(BYTES_PER_FILE, decoded, len(decoded))


def _within(limit: int, value: Value, size: int) -> Value:
    if size > limit:
        raise PydanticCustomError(
            "too_large", _("At most {megabytes} MB"), {"megabytes": limit // MEGABYTE}
        )
    return value


def _named(name: str, allowed: list[str]) -> str:
    """The name as the site writes it."""
    for each in allowed:
        if each.casefold() == name.casefold():
            return each
    raise PydanticCustomError(
        "unknown_name", _("Allowed: {allowed}"), {"allowed": ", ".join(allowed)}
    )


def one_address(text: str) -> str:
    """An e-mail address in normal form."""
    # Frappe takes lists and names with addresses as well, but no domain outside ASCII.
    normal = normalize_address(text)
    is_one = not re.search(r"[\s,<>]", normal)
    if not (is_one and validate_email_address(normal)):
        raise PydanticCustomError("email", _("Give one e-mail address"))
    return normal


def _channel(code: str, info: ValidationInfo) -> str:
    """By which a program may say that a request came. One that was kept came by it,
    whatever has become of the channel since: admission says that no plan takes it."""
    allowed = claimable(catalogue.channels())
    if code in allowed or info.context == KEPT:
        return code
    raise PydanticCustomError(
        "literal_error", _("Allowed: {allowed}"), {"allowed": ", ".join(allowed)}
    )


def _category_asked(info: ValidationInfo) -> Category | None:
    """The category of a request by chat, if its priority comes from answers; None also
    where the category is at fault itself."""
    if "category" not in info.data:
        return None
    category = catalogue.category_for(info.data["category"])
    channel = info.data.get("channel", CHATBOT)
    return category if category and is_rated_by_impact(category, channel) else None


# The context in which a kept payload is validated once more.
KEPT = "kept"


class Payload(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Attachment(Payload):
    """A file, and its content as base64. Once it is validated, the content is decoded."""

    file_name: Annotated[
        str, Field(min_length=1, max_length=140), AfterValidator(_file_name)
    ]
    content_base64: Annotated[
        bytes,
        BeforeValidator(_decoded),
        WithJsonSchema({"type": "string", "contentEncoding": "base64"}),
    ]

    @field_serializer("content_base64")
    def _as_sent(self, content: bytes) -> str:
        return base64.b64encode(content).decode()


def _attachments_within_limit(attachments: list[Attachment]) -> list[Attachment]:
    size = sum(len(each.content_base64) for each in attachments)
    return _within(BYTES_OF_ALL_FILES, attachments, size)


Key = Annotated[str, Field(min_length=1, max_length=200)]
Line = Annotated[str, Field(min_length=1, max_length=140), AfterValidator(_one_line)]
Text = Annotated[
    str,
    Field(min_length=1, max_length=MOST_CHARACTERS),
    AfterValidator(_without_control_characters),
]
Attachments = Annotated[
    list[Attachment],
    Field(max_length=MOST_FILES),
    AfterValidator(_attachments_within_limit),
]
Language = Literal["en", "ru"]


class Registration(Payload):
    """A new request. ``contact_email`` decides who asks; the phone where it is absent."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [{"required": ["contact_email"]}, {"required": ["contact_phone"]}]
        }
    )

    channel: Annotated[str, Field(max_length=140), AfterValidator(_channel)]
    external_id: Key
    contact_email: Annotated[str, Field(max_length=140)] | None = None
    contact_phone: str | None = Field(default=None, validate_default=True)
    subject: Line
    description: Text
    category: str | None = None
    priority: str | None = None
    affected: str | None = None
    way_round: bool | None = Field(default=None, validate_default=True)
    attachments: Attachments = []
    language: Language = "en"

    @field_validator("contact_email")
    @classmethod
    def _is_an_address(cls, address: str | None) -> str | None:
        return one_address(address) if address else None

    @field_validator("contact_phone")
    @classmethod
    def _is_a_number(cls, phone: str | None, info: ValidationInfo) -> str | None:
        if phone and not _PHONE.fullmatch(phone):
            raise PydanticCustomError("phone", _("Give a number such as +74951234567"))
        if not phone and not info.data.get("contact_email", "given, but not valid"):
            raise PydanticCustomError(
                "missing", _("Give contact_email or contact_phone")
            )
        return phone or None

    @field_validator("category")
    @classmethod
    def _is_a_category(cls, name: str | None) -> str | None:
        return _named(name, catalogue.category_names()) if name else None

    @field_validator("priority")
    @classmethod
    def _is_a_priority(cls, code: str | None) -> str | None:
        return _named(code, catalogue.priority_codes()) if code else None

    @field_validator("affected")
    @classmethod
    def _is_offered(cls, affected: str | None, info: ValidationInfo) -> str | None:
        """Where the category asks nothing, nothing is looked at."""
        category = _category_asked(info)
        if not affected or category is None:
            return None
        if option := option_named(category, affected):
            return option.affected
        return _named(affected, [each.affected for each in options_of(category)])

    @field_validator("way_round")
    @classmethod
    def _is_said(cls, way_round: bool | None, info: ValidationInfo) -> bool | None:
        category = _category_asked(info)
        option = category and option_named(category, info.data.get("affected"))
        if option and option.asks_way_round and way_round is None:
            raise PydanticCustomError(
                "missing", _("Say whether there is a way round: true or false")
            )
        return way_round


class Message(Payload):
    """One more message of a chat; ``from_bot`` marks an automatic answer."""

    external_id: Key
    message_id: Key
    text: Text
    attachments: Attachments = []
    from_bot: bool = False


class Question(Payload):
    """How does this request stand?"""

    external_id: Key
    language: Language = "en"


AnyPayload = TypeVar("AnyPayload", bound=Payload)


def read(model: type[AnyPayload]) -> AnyPayload:
    """The request's payload; raises BadPayload.

    Frappe would drop fields that a method has no argument for, so all of them are read
    here.
    """
    given = dict(frappe.local.form_dict)
    given.pop("cmd", None)
    return validated(model, given)


def validated(
    model: type[AnyPayload], given: dict[str, Any], context: str | None = None
) -> AnyPayload:
    """The values as a payload; raises BadPayload."""
    try:
        return model.model_validate(given, context=context)
    except ValidationError as error:
        refuse(BadPayload, *faults_of(error))


def faults_of(error: ValidationError) -> list[Fault]:
    # Neither the input nor a link: the caller has the first and needs not the second.
    return [
        {
            "field": ".".join(map(str, each["loc"])),
            "rule": each["type"],
            "message": _message_of(each["type"], each["msg"], each.get("ctx", {})),
        }
        for each in error.errors(include_url=False, include_input=False)
    ]


def _message_of(rule: str, message: str, values: dict[str, Any]) -> str:
    """What people can do wrong, in their language; the rest is for whoever writes
    programs."""
    if rule == "string_too_long":
        return _("At most {0} characters").format(values["max_length"])
    if rule == "too_long":
        return _("At most {0} of them").format(values["max_length"])
    return message
