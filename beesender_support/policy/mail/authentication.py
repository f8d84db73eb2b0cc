"""Whether a mail server vouches for the sender of a mail: ``Authentication-Results``.

Parsed as RFC 8601 defines, with comments, folding, versions and any case. Only fields
that a trusted server wrote count: anybody can send a mail with such a field in it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from beesender_support.policy.mail.senders import domain_of

# Exchange Online writes no name into the field and renames those that a mail brought.
NAMELESS = "-"
_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|([;=])|([^\s;="]+)|\s+|.', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Result:
    """One method's result, all in lower case; ``properties`` such as ``header.d``."""

    method: str
    result: str
    properties: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AuthenticationResults:
    """One field. ``server`` is in lower case and empty where the field names none."""

    server: str
    results: tuple[Result, ...]


def parse(text: str) -> AuthenticationResults:
    """The parsed field; parts that make no sense are left out. Never raises."""
    server, *statements = _statements(text)
    name = server
    if "=" in [token for token in server if not isinstance(token, _Quoted)]:
        # The first statement is a result already.
        name, statements = [], [server, *statements]
    results = tuple(filter(None, map(_result_of, statements)))
    return AuthenticationResults(str(name[0]).lower() if name else "", results)


def sender_is_vouched_for(
    fields: Sequence[tuple[str, str]], trusted: Iterable[str], sender: str
) -> bool | None:
    """Whether the trusted servers found that ``sender`` sent the mail.

    ``fields`` are name and text of a mail's header fields, the topmost first, and
    ``trusted`` names of servers. None where none of them said anything. True where
    DMARC passes for the sender's domain or, without a result of DMARC, SPF or DKIM
    passes for a domain aligned with it.
    """
    reports = _trusted_reports(fields, {name.strip().lower() for name in trusted})
    if not reports:
        return None
    domain = domain_of(sender)
    dmarc = _first_of("dmarc", reports)
    if any(each.result == "fail" for each in dmarc):
        return False
    if any(each.result == "pass" and _is_of(each, domain) for each in dmarc):
        return True
    return any(
        each.result == "pass" and is_aligned(_domain_of_result(each), domain)
        for method in ("spf", "dkim")
        for each in _first_of(method, reports)
    )


def is_aligned(domain: str, with_domain: str) -> bool:
    """Whether one is the other or lies within it, as DMARC's relaxed alignment has it.

    Two subdomains of one domain are not aligned here: that would need the list of
    domains under which anybody may register.
    """
    if "." not in domain or "." not in with_domain:
        return False
    return (
        domain == with_domain
        or domain.endswith(f".{with_domain}")
        or with_domain.endswith(f".{domain}")
    )


def server_names(text: str | None) -> tuple[str, ...]:
    """The names of a setting: one a line, in lower case, none twice."""
    names = (line.strip().rstrip(";").lower() for line in (text or "").splitlines())
    return tuple(dict.fromkeys(filter(None, names)))


# Which fields count?


def _trusted_reports(
    fields: Sequence[tuple[str, str]], trusted: set[str]
) -> list[AuthenticationResults]:
    """The topmost fields of trusted servers, down to the next hop of the mail.

    A server writes above what it received; below the next ``Received`` stands what the
    sender may have written.
    """
    reports: list[AuthenticationResults] = []
    for name, text in fields:
        name = name.lower()
        if name == "received" and reports:
            break
        if name == "authentication-results":
            report = parse(text)
            if (report.server or NAMELESS) in trusted:
                reports.append(report)
    return reports


def _first_of(method: str, reports: list[AuthenticationResults]) -> list[Result]:
    """The results of a method in the topmost field that has any."""
    for report in reports:
        if found := [each for each in report.results if each.method == method]:
            return found
    return []


def _is_of(dmarc: Result, domain: str) -> bool:
    """A server that saw a different sender than we do vouches for nobody."""
    checked = dmarc.properties.get("header.from")
    return checked is None or is_aligned(_domain(checked), domain)


def _domain_of_result(each: Result) -> str:
    names = (
        ("smtp.mailfrom", "smtp.helo")
        if each.method == "spf"
        else ("header.d", "header.i")
    )
    domains = (_domain(each.properties.get(name, "")) for name in names)
    return next(filter(None, domains), "")


def _domain(text: str) -> str:
    """Of an address, ``@domain`` or a domain."""
    return domain_of(f"x@{text.strip('<>').rpartition('@')[2].rstrip('.')}")


# Syntax


class _Quoted(str):
    """The content of a quoted string, in which no character means anything."""


def _statements(text: str) -> list[list[str]]:
    """Tokens between semicolons; comments are blanks."""
    statements: list[list[str]] = [[]]
    for quoted, sign, word in _TOKEN.findall(_without_comments(text)):
        if sign == ";":
            statements.append([])
        elif sign or word:
            statements[-1].append(sign or word)
        elif quoted:
            statements[-1].append(_Quoted(re.sub(r"\\(.)", r"\1", quoted)))
    return statements


def _without_comments(text: str) -> str:
    """Comments may hold comments, and quoted strings what looks like one."""
    kept: list[str] = []
    depth, is_quoted, is_escaped = 0, False, False
    for letter in text:
        if is_escaped:
            is_escaped = False
        elif letter == "\\" and (is_quoted or depth):
            is_escaped = True
        elif letter == '"' and not depth:
            is_quoted = not is_quoted
        elif letter == "(" and not is_quoted:
            depth += 1
        elif letter == ")" and depth:
            depth -= 1
            letter = " "
        if not depth:
            kept.append(letter)
    return "".join(kept)


def _result_of(tokens: list[str]) -> Result | None:
    """``method[/version] = result [name = value ...]``"""
    pairs = _pairs(tokens)
    if not pairs:
        return None
    (method, result), *rest = pairs
    method = method.partition("/")[0].strip().lower()
    return Result(
        method, result.lower(), {name.lower(): value.lower() for name, value in rest}
    )


def _pairs(tokens: list[str]) -> list[tuple[str, str]]:
    pairs = []
    for place, text in enumerate(tokens):
        is_sign = text == "=" and not isinstance(text, _Quoted)
        if is_sign and 0 < place < len(tokens) - 1:
            pairs.append((str(tokens[place - 1]), str(tokens[place + 1])))
    return pairs
