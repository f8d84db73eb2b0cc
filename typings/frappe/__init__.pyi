"""What the type checker has to know of Frappe: nothing comes after a throw."""

from typing import Any, NoReturn

def throw(
    msg: str, exc: Any = ..., title: str | None = ..., **options: Any
) -> NoReturn: ...
def __getattr__(name: str) -> Any: ...
