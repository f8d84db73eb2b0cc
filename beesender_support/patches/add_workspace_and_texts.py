"""The workspace's blocks, articles and saved replies, for sites installed before them."""

from beesender_support.setup.articles import add_articles
from beesender_support.setup.saved_replies import add_saved_replies
from beesender_support.setup.workspace import write_blocks


def execute() -> None:
    write_blocks()
    add_articles()
    add_saved_replies()
