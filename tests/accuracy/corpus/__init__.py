"""A generated corpus of personal data and of what looks like it, with every true span known."""
