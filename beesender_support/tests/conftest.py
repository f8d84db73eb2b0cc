"""How hard the property tests try: ``--hypothesis-profile=thorough`` tries harder."""

from hypothesis import settings

# A laid out calendar is kept, so the first example of a test is its slowest: no deadline.
settings.register_profile("quick", max_examples=40, deadline=None)
settings.register_profile("thorough", max_examples=1_000, deadline=None)
settings.load_profile("quick")
