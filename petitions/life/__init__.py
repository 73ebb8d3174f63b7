"""The use cases: one public function is one transaction that loads, asks the rule, stores, records the event, queues mail."""
