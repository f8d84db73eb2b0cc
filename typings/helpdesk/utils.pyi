"""What a type checker has to know of Helpdesk. All else of it is anything."""

from collections.abc import Callable
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])

def agent_only(fn: Function) -> Function: ...
def __getattr__(name: str) -> Any: ...
