"""The stop switch of matching: its page, and what people see while it holds (the switch: portal.runs.stopping)."""
