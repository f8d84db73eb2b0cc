"""People who become contacts of a customer."""
