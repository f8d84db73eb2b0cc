"""The page on which an agent takes down a request: who calls, and for whom it is."""
