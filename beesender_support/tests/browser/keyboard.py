"""Hands on a keyboard: where the focus is, and how it gets somewhere."""

from playwright.sync_api import Locator, Page, expect

# More stops than any page has before the part that is looked for, and how often somebody
# begins anew: a page that is still being drawn takes the focus away.
MOST_STOPS, ROUNDS = 120, 3
HAS_FOCUS = "(node) => node === document.activeElement"
HOLDS_FOCUS = "(node) => node.contains(document.activeElement)"


def tab_to(page: Page, place: Locator, key: str = "Tab") -> None:
    """Press the key until the focus is on the place; a place that it never reaches fails."""
    expect(place).to_be_visible()
    for _round in range(ROUNDS):
        for _stop in range(MOST_STOPS):
            if place.evaluate(HAS_FOCUS):
                return
            page.keyboard.press(key)
        page.wait_for_timeout(1_000)
    raise AssertionError(f"{key} never came to {place}")


def expect_focus_held(page: Page, dialog: Locator, stops: int = 12) -> None:
    """However often Tab is pressed, the page behind a dialog gets no focus."""
    for key in ("Tab", "Shift+Tab"):
        for _stop in range(stops):
            page.keyboard.press(key)
            is_held = dialog.evaluate(HOLDS_FOCUS)
            # Past its last stop a browser's own controls come, which is no place of a page.
            assert is_held or page.evaluate(
                "document.activeElement === document.body"
            ), page.evaluate("document.activeElement.outerHTML")


def choose_from_menu(page: Page, menu: Locator, action: str) -> None:
    tab_to(page, menu)
    page.keyboard.press("Enter")
    item = page.get_by_role("menuitem", name=action)
    expect(item).to_be_visible()
    for _each in range(30):
        if item.evaluate(HAS_FOCUS) or item.get_attribute("data-highlighted") == "":
            break
        page.keyboard.press("ArrowDown")
    else:
        raise AssertionError(f"no arrow came to {action}")
    page.keyboard.press("Enter")
