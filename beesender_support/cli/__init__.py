"""The command ``beesender-support``: the policy's decisions from files, no site needed.

It reads and writes; every decision is the policy's. Status 0 is success, 2 bad usage or
input, said on stderr in one line per fault, the first twenty of a kind; ``conformance``
ends with 1 on a mismatch, and ``lint`` with 1 on a finding.
"""

from beesender_support.cli.entry import main

__all__ = ["main"]
