"""The use cases: one public function, one transaction: load, ask the rule, store, record the event, queue the mail."""
